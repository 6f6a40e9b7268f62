// The path of a request as policies and routes see it: Envoy normalizes it first, as MeshConfig says.
import type { PathNormalization } from '../mesh/settings.ts';

/** `path` includes the query. Rejected: Envoy answers 400 before policies and routes. */
export type NormalPath = { readonly path: string } | { readonly refused: string };

/**
 * BASE resolves dot segments, takes `\` for `/`, decodes escapes of unreserved characters and escapes delimiters; MERGE_SLASHES makes one `/` of
 * several; DECODE_AND_MERGE_SLASHES decodes `%2F` and `%5C` before that. NONE leaves the path as the client sends it.
 * istio@86c9f01 pilot/pkg/networking/core/listener.go (pathNormalization); envoy@0f39b1c source/common/http/path_utility.cc
 * PathUtil::canonicalPath, mergeSlashes, unescapeSlashes; source/common/http/conn_manager_utility.cc maybeNormalizePath.
 */
export function normalisePath(sent: string, mode: PathNormalization): NormalPath {
  const withoutFragment = sent.replace(/#.*$/s, '');
  if (mode === 'NONE') return { path: withoutFragment };
  const [, written = '', query = ''] = /^([^?]*)(.*)$/s.exec(withoutFragment) ?? [];
  const path = mode === 'DECODE_AND_MERGE_SLASHES' ? written.replace(/%2f/gi, '/').replace(/%5c/gi, '\\') : written;
  if (/%00/.test(path)) return { refused: '%00 is not allowed in a path' };
  const canonical = withoutDots(escapeDelimiters(decodeUnreserved(path).replaceAll('\\', '/')));
  return { path: `${mode === 'BASE' ? canonical : canonical.replace(/\/{2,}/g, '/')}${query}` };
}

/** Of a normalised path. Policies and routes compare it without its query. */
export function withoutQuery(path: string): string {
  return path.replace(/[?#].*$/s, '');
}

/** Other escapes stay as they are written, in whichever case. */
function decodeUnreserved(path: string): string {
  return path.replace(/%([0-9a-f]{2})/gi, (escape, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16));
    return /[\w.~-]/.test(character) ? character : escape;
  });
}

/** Measured: server/docs/istio-semantics.md §12.2. Square brackets and malformed escapes stay. */
function escapeDelimiters(path: string): string {
  return path.replace(/["<>^`{|}]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function withoutDots(path: string): string {
  const parts = path.split('/');
  const kept: string[] = [];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    if (part === '..' && kept.length > 1) kept.pop();
    if (part !== '..' && part !== '.') kept.push(part);
    else if (isLast) kept.push('');
  }
  return kept.join('/') || '/';
}
