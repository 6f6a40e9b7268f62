// One access-log line as it was written, before anything is made of it.
import type { Span } from '../../base/span.ts';

export type LogFormat = 'envoy-text' | 'envoy-json' | 'ztunnel';

export interface LogField {
  /** The key of Istio's JSON format (`response_code`), or ztunnel's own (`src.addr`). */
  readonly name: string;
  /** As written, without quotes; `-` where the proxy had nothing to say. */
  readonly value: string;
  /** In the line; undefined in JSON. */
  readonly span: Span | undefined;
}

export interface LogEntry {
  readonly format: LogFormat;
  readonly fields: readonly LogField[];
}

/** A field's value; undefined where it is absent or empty. */
export function valueOf({ fields }: Pick<LogEntry, 'fields'>, name: string): string | undefined {
  const value = fields.find((field) => field.name === name)?.value;
  return value === undefined || value === '' || value === '-' ? undefined : value;
}
