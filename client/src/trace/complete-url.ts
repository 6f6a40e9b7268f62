// A URL as people type it: the scheme may be missing.
import type { RequestChoicesResult } from '../../../server/src/lsp/protocol/workspace.ts';

type UrlChoice = RequestChoicesResult['urls'][number];

const withScheme = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:?#]+/i;
const withoutScheme = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(\d{1,5}))?([/?#]\S*)?$/i;

/** With the scheme that the known host and port have, else HTTPS for port 443 and HTTP for others. Undefined if it is no URL. */
export function completeUrl(typed: string, known: readonly UrlChoice[]): string | undefined {
  const text = typed.trim();
  if (withScheme.test(text)) return text;
  const [, host, port, rest = '/'] = withoutScheme.exec(text) ?? [];
  if (host === undefined) return undefined;
  const same = known.find((one) => matches(one.host, host) && (port === undefined || one.port === Number(port)));
  const scheme = same ? same.url.slice(0, same.url.indexOf(':')) : schemeOf(port);
  const knownPort = same && /^\w+:\/\/[^/]*:(\d+)\/?$/.exec(same.url)?.[1];
  const number = port ?? knownPort;
  const path = scheme === 'tcp' ? '' : rest.replace(/^(?!\/)/, '/');
  return `${scheme}://${host}${number === undefined || number === customary[scheme] ? '' : `:${number}`}${path}`;
}

const customary: Readonly<Record<string, string>> = { http: '80', https: '443' };

function schemeOf(port: string | undefined): string {
  return port === '443' ? 'https' : 'http';
}

function matches(pattern: string, host: string): boolean {
  const name = host.toLowerCase();
  return pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : pattern.toLowerCase() === name;
}
