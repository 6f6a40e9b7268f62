// How policies compare text. One wildcard at one end means something; any other `*` is a character.
import { literal, re2 } from '../../base/patterns/re2.ts';
import { matchesParts } from '../../base/patterns/wildcards.ts';

/** Principals, paths, header values, server names. istio@86c9f01 pilot/pkg/security/authz/matcher/string.go StringMatcherWithPrefix. */
export function matchesText(pattern: string, actual: string): boolean {
  if (pattern === '*') return actual !== '';
  if (pattern.startsWith('*')) return actual.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return actual.startsWith(pattern.slice(0, -1));
  return actual === pattern;
}

/** `:authority`, in any case; a port that the client sent is part of it. istio@86c9f01 .../matcher/header.go HostMatcher. */
export function matchesHost(pattern: string, authority: string): boolean {
  return matchesText(pattern.toLowerCase(), authority.toLowerCase());
}

/** Characters of a segment in Envoy's URI templates, as measured: server/docs/istio-semantics.md §12.3. */
const pchars = "a-zA-Z0-9._~%!$&'()*+,;:@=-";

/** `{*}` is one segment, `{**}` the rest, of such characters only; without them a plain text. istio@86c9f01 .../matcher/template.go PathTemplateMatcher. */
export function matchesPath(pattern: string, path: string): boolean {
  return isTemplate(pattern) ? matches(template(pattern), path) : matchesText(pattern, path);
}

function isTemplate(pattern: string): boolean {
  return pattern.includes('{*}') || pattern.includes('{**}');
}

function template(pattern: string): string {
  const segments = pattern.split('/').map((segment) => {
    if (segment === '{**}' || segment === '**') return `[/${pchars}]*`;
    return segment === '{*}' || segment === '*' ? `[${pchars}]+` : literal(segment);
  });
  return segments.join('/');
}

/** `*` matches any text, at any position. istio@86c9f01 .../model/generator.go srcNamespaceGenerator. */
export function matchesNamespace(pattern: string, principal: string): boolean {
  return matchesParts(['', ...`/ns/${pattern}/`.split('*'), ''], principal);
}

/** `account` of the policy's own namespace, or `namespace/account`. istio@86c9f01 .../model/generator.go serviceAccountRegex. */
export function matchesServiceAccount(value: string, policyNamespace: string, principal: string): boolean {
  const slash = value.indexOf('/');
  const [namespace, account] = slash < 0 ? [policyNamespace, value] : [value.slice(0, slash), value.slice(slash + 1)];
  return matches(`(?s)spiffe://.+/ns/${literal(namespace)}/(.+/|)sa/${literal(account)}(/.+)?`, principal);
}

/** istio@86c9f01 .../model/generator.go srcTrustDomainGenerator. */
export function matchesTrustDomain(pattern: string, principal: string): boolean {
  if (pattern === '*') return principal.startsWith('spiffe://');
  const [before = '', ...after] = pattern.split('*');
  const source = after.length === 0 ? literal(before) : `${literal(before)}[^/]*${literal(after.join('*'))}`;
  return matches(`(?s)spiffe://${source}/.*`, principal);
}

/** Istio writes these expressions, and Envoy runs them by RE2. */
function matches(expression: string, text: string): boolean {
  const read = re2(expression);
  return read.kind === 'valid' && read.matches(text) === true;
}
