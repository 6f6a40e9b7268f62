// How policies compare text. One wildcard at one end means something; any other `*` is a character.

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
  return isTemplate(pattern) ? template(pattern).test(path) : matchesText(pattern, path);
}

function isTemplate(pattern: string): boolean {
  return pattern.includes('{*}') || pattern.includes('{**}');
}

function template(pattern: string): RegExp {
  const segments = pattern.split('/').map((segment) => {
    if (segment === '{**}' || segment === '**') return `[/${pchars}]*`;
    return segment === '{*}' || segment === '*' ? `[${pchars}]+` : quote(segment);
  });
  return new RegExp(`^${segments.join('/')}$`);
}

/** `*` matches any text, at any position. istio@86c9f01 .../model/generator.go srcNamespaceGenerator. */
export function matchesNamespace(pattern: string, principal: string): boolean {
  return new RegExp(`^.*/ns/${pattern.split('*').map(quote).join('.*')}/.*$`, 's').test(principal);
}

/** `account` of the policy's own namespace, or `namespace/account`. istio@86c9f01 .../model/generator.go serviceAccountRegex. */
export function matchesServiceAccount(value: string, policyNamespace: string, principal: string): boolean {
  const slash = value.indexOf('/');
  const [namespace, account] = slash < 0 ? [policyNamespace, value] : [value.slice(0, slash), value.slice(slash + 1)];
  return new RegExp(`^spiffe://.+/ns/${quote(namespace)}/(.+/|)sa/${quote(account)}(/.+)?$`, 's').test(principal);
}

/** istio@86c9f01 .../model/generator.go srcTrustDomainGenerator. */
export function matchesTrustDomain(pattern: string, principal: string): boolean {
  if (pattern === '*') return principal.startsWith('spiffe://');
  const [before = '', ...after] = pattern.split('*');
  const source = after.length === 0 ? quote(before) : `${quote(before)}[^/]*${quote(after.join('*'))}`;
  return new RegExp(`^spiffe://${source}/.*$`, 's').test(principal);
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
