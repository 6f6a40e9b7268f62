// A URL in the parts that can be changed one by one.

export interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  /** Empty where the scheme says it. */
  readonly port: string;
  /** With query; empty for a connection. */
  readonly path: string;
}

export const schemes = ['http', 'https', 'tcp'];
const form = /^([a-z][a-z0-9+.-]*):\/\/(\[[^\]]*\]|[^/:?#]*)(?::(\d*))?([/?#].*)?$/i;

/** Undefined for what is not of the form `scheme://host…`. */
export function splitUrl(url: string): UrlParts | undefined {
  const [, scheme, host, port = '', path = ''] = form.exec(url.trim()) ?? [];
  return scheme === undefined || host === undefined ? undefined : { scheme: scheme.toLowerCase(), host, port, path };
}

export function joinUrl({ scheme, host, port, path }: UrlParts): string {
  const rest = scheme === 'tcp' ? '' : path.replace(/^(?![/?#])/, '/');
  return `${scheme}://${host}${port === '' ? '' : `:${port}`}${rest}`;
}
