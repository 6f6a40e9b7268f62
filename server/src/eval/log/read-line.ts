import { readEnvoyText, textFields } from './envoy-text.ts';
import { readZtunnel } from './ztunnel.ts';
import type { LogEntry } from './entry.ts';
import { isRecord } from '../../base/is-record.ts';

/** One line of a log as `kubectl logs` and others print it; undefined for what is no access-log line. Never throws. */
export function readLogLine(line: string): LogEntry | undefined {
  const json = jsonOf(line);
  if (json === undefined) return readEnvoyText(line) ?? readZtunnel(line);
  return readJson(json) ?? inner(json);
}

/** The object of a line, behind whatever prefix. */
function jsonOf(line: string): Readonly<Record<string, unknown>> | undefined {
  const from = line.indexOf('{');
  if (from < 0 || line.trimEnd().at(-1) !== '}') return undefined;
  try {
    const value: unknown = JSON.parse(line.slice(from));
    return isRecord(value) ? value : undefined;
  } catch {
    // No JSON: the other formats are tried.
    return undefined;
  }
}

/** Container runtimes and collectors wrap a line in an object of their own. */
function inner(json: Readonly<Record<string, unknown>>): LogEntry | undefined {
  for (const key of ['log', 'message', 'msg', 'line', 'textPayload', 'jsonPayload']) {
    const entry = wrapped(json[key]);
    if (entry) return entry;
  }
  return undefined;
}

function wrapped(value: unknown): LogEntry | undefined {
  if (typeof value === 'string') return withoutSpans(readLogLine(value));
  return isRecord(value) ? readJson(value) : undefined;
}

function readJson(json: Readonly<Record<string, unknown>>): LogEntry | undefined {
  const names = Object.keys(json);
  const isEnvoy =
    names.includes('response_code') &&
    (names.includes('upstream_cluster') || names.includes('downstream_remote_address') || names.includes('method'));
  const isZtunnel = names.includes('src.addr') && names.includes('dst.addr');
  if (!isEnvoy && !isZtunnel) return undefined;
  const ordered = isEnvoy
    ? [...textFields.filter((name) => names.includes(name)), ...names.filter((name) => !textFields.includes(name))]
    : names;
  const fields = ordered.map((name) => ({
    name,
    value: textOf(json[name]).replace(name === 'upstream_cluster' ? /;+$/ : /$^/, ''),
    span: undefined,
  }));
  return { format: isEnvoy ? 'envoy-json' : 'ztunnel', fields };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function withoutSpans(entry: LogEntry | undefined): LogEntry | undefined {
  return entry && { ...entry, fields: entry.fields.map((field) => ({ ...field, span: undefined })) };
}
