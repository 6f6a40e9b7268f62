// One access-log line: its fields as written, and what the text around it says about where it comes from.

export type LogFormat = 'envoy-text' | 'envoy-json' | 'ztunnel';

export interface LogField {
  /** The key of Istio's JSON format (`response_code`), or ztunnel's own (`src.addr`). */
  readonly name: string;
  /** As written, without quotes; `-` where the proxy had no value. */
  readonly value: string;
}

/** The pod that wrote a line, as a prefix or a wrapper names it. */
export interface LogSource {
  readonly pod: string | undefined;
  readonly namespace: string | undefined;
}

export interface LogEntry {
  readonly format: LogFormat;
  readonly fields: readonly LogField[];
  readonly source: LogSource;
}

export const noSource: LogSource = { pod: undefined, namespace: undefined };

/** A field's value; undefined where it is absent or empty. */
export function valueOf({ fields }: Pick<LogEntry, 'fields'>, name: string): string | undefined {
  const value = fields.find((field) => field.name === name)?.value;
  return value === undefined || value === '' || value === '-' ? undefined : value;
}

/** `10.0.0.9` of `10.0.0.9:443`, `fd00::1` of `[fd00::1]:443`. */
export function hostOfAddress(address: string | undefined): string | undefined {
  return address?.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

export function portOfAddress(address: string | undefined): number | undefined {
  const port = address === undefined ? undefined : /:(\d+)$/.exec(address)?.[1];
  return port === undefined ? undefined : Number(port);
}
