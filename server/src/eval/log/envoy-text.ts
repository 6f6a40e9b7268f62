// Istio's default text format, the same in all supported releases, and Envoy's own. istio@86c9f01
// pilot/pkg/model/telemetry_logging.go EnvoyTextLogFormat.
// Fields are found by the quotes between them, so that a line of an older release, or one that was cut off, is read as far as it goes.
import type { LogEntry, LogField } from './entry.ts';
import { sourceOfPrefix } from './source.ts';

interface Token {
  readonly text: string;
  readonly quoted: boolean;
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

/** What stands between request and X-Forwarded-For in Envoy's own default format, which has no details. */
const envoyDefault = ['response_code', 'response_flags', ...afterReason];

const start = /\[(\d{4}-\d\d-\d\d[T ][0-9:.]+(?:Z|[+-]\d\d:?\d\d)?)\]\s{1,8}(?=\S)/;
/** A request of a line that lost its beginning. */
const bareRequest = /(?:^|\s)(?=\\?["\u201c](?:[A-Z]+ \S* HTTP\/[\d.]+|- - -)\\?["\u201d] \d{1,3}\s)/;

/** Undefined for a line of another format. A prefix (`kubectl logs --prefix`, container runtimes) is skipped. */
export function readEnvoyText(line: string): LogEntry | undefined {
  const found = start.exec(line) ?? bareRequest.exec(line);
  if (!found) return undefined;
  const tokens = tokensOf(line.slice(found.index + found[0].length));
  const rest = tokens.some(({ quoted }) => quoted) ? bySections(tokens) : byPosition(tokens);
  const code = rest.find(({ name }) => name === 'response_code')?.value;
  if (code === undefined || !/^\d{1,3}$/.test(code)) return undefined;
  const time = found[1] === undefined ? [] : [{ name: 'start_time', value: found[1] }];
  return { format: 'envoy-text', fields: [...time, ...rest], source: sourceOfPrefix(line.slice(0, found.index)) };
}

function tokensOf(text: string): readonly Token[] {
  // A quote ends a value only before white space or the end: values may hold quotes, which the format does not escape.
  // Older proxies write spaces inside the braces of response_code_details.
  const pattern = /\\?["\u201c\u201d](.*?)\\?["\u201c\u201d](?=\s|$|[;,}])|([^\s"{]+\{[^}"]*\}\S*|\S+)/gs;
  return [...text.matchAll(pattern)].map(([, quoted, plain]) => ({
    text: quoted ?? plain!,
    quoted: quoted !== undefined,
  }));
}

function bySections(tokens: readonly Token[]): readonly LogField[] {
  let at = tokens.findIndex(({ quoted }) => quoted);
  const fields = requestFields(tokens[at]!.text);
  const take = (names: readonly string[], quoted: boolean) => {
    for (const name of names) {
      const token = tokens[at + 1];
      if (!token || token.quoted !== quoted) return;
      fields.push(fieldOf(name, token.text));
      at++;
    }
    // More fields than names: another format's, which are not explained.
    if (!quoted) while (tokens[at + 1] && !tokens[at + 1]!.quoted) at++;
  };
  if (hasDefaultOrder(tokens.slice(at + 1))) take(envoyDefault, false);
  else {
    take(afterRequest, false);
    take(reason, true);
    take(afterReason, false);
  }
  take(quotedTail, true);
  take(plainTail, false);
  return fields;
}

/** Two numbers of bytes where Istio's format has details. */
function hasDefaultOrder(afterwards: readonly Token[]): boolean {
  const plain = afterwards.slice(0, 5);
  return plain.length === 5 && plain.slice(2).every(({ text, quoted }) => !quoted && /^\d+$/.test(text));
}

/** A line that lost its quotes: a field a word. */
function byPosition(tokens: readonly Token[]): readonly LogField[] {
  return tokens.slice(0, textFields.length - 1).map(({ text }, index) => fieldOf(textFields[index + 1]!, text));
}

function requestFields(text: string): LogField[] {
  const parts = text.split(/\s+/).filter((part) => part !== '');
  // A path may hold blanks where a client sends them; method and protocol do not.
  const words = parts.length <= 3 ? parts : [parts[0]!, parts.slice(1, -1).join(' '), parts.at(-1)!];
  return words.map((word, index) => fieldOf(request[index]!, word));
}

/** Older proxies end a cluster's name with the delimiter of their statistics. */
function fieldOf(name: string, text: string): LogField {
  return { name, value: name === 'upstream_cluster' ? text.replace(/;+$/, '') : text };
}
