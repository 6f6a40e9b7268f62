// Istio's default text format. istio@86c9f01 pilot/pkg/model/telemetry_logging.go EnvoyTextLogFormat.
// Fields are found by the quotes between them, so that a line of an older release, or one that was cut off, is read as far as it goes.
import type { LogEntry, LogField } from './entry.ts';

interface Token {
  readonly text: string;
  readonly quoted: boolean;
  readonly start: number;
}

const beforeRequest = ['start_time'];
const request = ['method', 'path', 'protocol'];
const afterRequest = ['response_code', 'response_flags', 'response_code_details', 'connection_termination_details'];
const reason = ['upstream_transport_failure_reason'];
const afterReason = ['bytes_received', 'bytes_sent', 'duration', 'upstream_service_time'];
const quotedTail = ['x_forwarded_for', 'user_agent', 'request_id', 'authority', 'upstream_host'];
const plainTail = [
  'upstream_cluster',
  'upstream_local_address',
  'downstream_local_address',
  'downstream_remote_address',
  'requested_server_name',
  'route_name',
];

/** All 24, in the order of the format. */
export const textFields: readonly string[] = [
  ...beforeRequest,
  ...request,
  ...afterRequest,
  ...reason,
  ...afterReason,
  ...quotedTail,
  ...plainTail,
];

const start = /\[(\d{4}-\d\d-\d\dT[0-9:.]+Z?)\]\s+/;
/** A request of a line that lost its beginning. */
const bareRequest = /(?:^|\s)(?=\\?["“](?:[A-Z]+ \S* HTTP\/[\d.]+|- - -)\\?["”] \d{1,3}\s)/;

/** Undefined for what is no such line. What stands before it (`kubectl logs --prefix`, container runtimes) is passed over. */
export function readEnvoyText(line: string): LogEntry | undefined {
  const found = start.exec(line);
  if (!found && !bareRequest.test(line)) return undefined;
  const from = found ? found.index + found[0].length : bareRequest.exec(line)!.index;
  const tokens = tokensOf(line, from);
  const rest = tokens.some(({ quoted }) => quoted) ? bySections(tokens) : byPosition(tokens);
  const code = rest.find(({ name }) => name === 'response_code')?.value;
  if (code === undefined || !/^\d{1,3}$/.test(code)) return undefined;
  const time = found
    ? [
        {
          name: 'start_time',
          value: found[1]!,
          span: { start: found.index + 1, end: found.index + 1 + found[1]!.length },
        },
      ]
    : [];
  return { format: 'envoy-text', fields: [...time, ...rest] };
}

function tokensOf(line: string, from: number): readonly Token[] {
  const tokens: Token[] = [];
  // A quote ends a value only before white space or the end: values may hold quotes, which the format does not escape.
  const pattern = /\\?["“”](.*?)\\?["“”](?=\s|$|[;,}])|(\S+)/gs;
  pattern.lastIndex = from;
  for (let match = pattern.exec(line); match; match = pattern.exec(line)) {
    const quoted = match[1] !== undefined;
    const text = match[1] ?? match[2]!;
    tokens.push({ text, quoted, start: match.index + match[0].indexOf(text) });
  }
  return tokens;
}

function bySections(tokens: readonly Token[]): readonly LogField[] {
  let at = tokens.findIndex(({ quoted }) => quoted);
  const fields = requestFields(tokens[at]!);
  const take = (names: readonly string[], quoted: boolean) => {
    for (const name of names) {
      const token = tokens[at + 1];
      if (!token || token.quoted !== quoted) return;
      fields.push(fieldOf(name, token));
      at++;
    }
    // More than there are names for: another format's, which nothing is said of.
    if (!quoted) while (tokens[at + 1] && !tokens[at + 1]!.quoted) at++;
  };
  take(afterRequest, false);
  take(reason, true);
  take(afterReason, false);
  take(quotedTail, true);
  take(plainTail, false);
  return fields;
}

/** A line that lost its quotes: a field a word. */
function byPosition(tokens: readonly Token[]): readonly LogField[] {
  return tokens.slice(0, textFields.length - 1).map((token, index) => fieldOf(textFields[index + 1]!, token));
}

function requestFields({ text, start: at }: Token): LogField[] {
  const parts = [...text.matchAll(/\S+/g)];
  // A path may hold blanks where a client sends them; method and protocol do not.
  const words =
    parts.length <= 3
      ? parts.map((part) => ({ text: part[0], start: at + part.index }))
      : [
          parts[0]!,
          { 0: text.slice(parts[1]!.index, parts.at(-1)!.index).trim(), index: parts[1]!.index },
          parts.at(-1)!,
        ].map((part) => ({ text: part[0], start: at + part.index }));
  return words.map((word, index) => fieldOf(request[index]!, word));
}

/** Older proxies end a cluster's name with the delimiter of their statistics. */
function fieldOf(name: string, { text, start: at }: Pick<Token, 'text' | 'start'>): LogField {
  const value = name === 'upstream_cluster' ? text.replace(/;+$/, '') : text;
  return { name, value, span: { start: at, end: at + value.length } };
}
