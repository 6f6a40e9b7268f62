// What Envoy does with the RBAC that Istio writes: the matchers of it that occur, and no more. One that is unknown here throws.
// envoy source/extensions/filters/common/rbac/matchers.cc
import { parseRange } from '../../server/src/names/addresses.ts';

/** What the filters see of one request or connection. */
export interface Seen {
  readonly principal: string;
  readonly sourceIp: string;
  readonly destinationIp: string;
  readonly destinationPort: number;
  readonly serverName: string;
  /** Pseudo headers too; empty on a TCP chain. Without a path's query nothing is lost: Envoy compares without. */
  readonly headers: ReadonlyMap<string, string>;
}

export interface RbacFilter {
  readonly action: string;
  readonly shadow?: string;
  readonly policies?: Readonly<
    Record<string, { readonly permissions: readonly Node[]; readonly principals: readonly Node[] }>
  >;
}
type Node = Readonly<Record<string, unknown>>;

export interface Judgement {
  /** `custom`: an external authorizer is asked, and nothing else denies. */
  readonly decision: 'allow' | 'deny' | 'custom';
  /** The policy that denies, as Envoy names it; undefined where none allows. */
  readonly policy?: string | undefined;
}

export function decide(filters: readonly RbacFilter[], seen: Seen): Judgement['decision'] {
  return judge(filters, seen).decision;
}

/** Policies are tried in the order of their names. */
export function judge(filters: readonly RbacFilter[], seen: Seen): Judgement {
  let asked = false;
  for (const { action, shadow, policies = {} } of filters) {
    const policy = Object.keys(policies)
      .sort()
      .find((name) => some(policies[name]!.permissions, seen) && some(policies[name]!.principals, seen));
    if (shadow === 'istio_ext_authz_') asked ||= policy !== undefined;
    else if (shadow === undefined && (action === 'DENY') === (policy !== undefined) && action !== 'LOG')
      return { decision: 'deny', policy };
  }
  return { decision: asked ? 'custom' : 'allow' };
}

function some(nodes: readonly Node[], seen: Seen): boolean {
  return nodes.some((node) => matches(node, seen));
}

function matches(node: Node, seen: Seen): boolean {
  const [[kind, value] = ['', undefined]] = Object.entries(node);
  const matcher = Object.hasOwn(matchers, kind) ? matchers[kind] : undefined;
  if (!matcher) throw new Error(`unknown matcher ${JSON.stringify(node)}`);
  return matcher(value, seen);
}

type Matcher = (value: unknown, seen: Seen) => boolean;
const all: Matcher = (value, seen) => parts(value).every((part) => matches(part, seen));
const any: Matcher = (value, seen) => some(parts(value), seen);
const none: Matcher = (value, seen) => !matches(value as Node, seen);
const fromSource: Matcher = (value, seen) => within(value as Cidr, seen.sourceIp);

const matchers: Readonly<Record<string, Matcher>> = {
  any: (value) => value === true,
  andRules: all,
  andIds: all,
  orRules: any,
  orIds: any,
  notRule: none,
  notId: none,
  header: (value, seen) => header(value as Node, seen),
  urlPath: (value, seen) => text((value as { path: Node }).path, plainPath(seen)),
  uriTemplate: (value, seen) =>
    template((value as { typedConfig: { pathTemplate: string } }).typedConfig.pathTemplate, plainPath(seen)),
  destinationIp: (value, seen) => within(value as Cidr, seen.destinationIp),
  destinationPort: (value, seen) => value === seen.destinationPort,
  requestedServerName: (value, seen) => text(value as Node, seen.serverName),
  filterState: (value, seen) => filterState(value as Node, seen),
  // A connection without a client's certificate is nobody's.
  authenticated: (value, seen) =>
    seen.principal !== '' && text((value as { readonly principalName: Node }).principalName, seen.principal),
  directRemoteIp: fromSource,
  remoteIp: fromSource,
  // No request carries a token, so no filter has left any metadata.
  metadata: () => false,
};

function parts(value: unknown): readonly Node[] {
  const { rules, ids } = value as { readonly rules?: readonly Node[]; readonly ids?: readonly Node[] };
  return rules ?? ids ?? [];
}

function header({ name, stringMatch, presentMatch, ...other }: Node, { headers }: Seen): boolean {
  const sent = headers.get((name as string).toLowerCase());
  if (Object.keys(other).length > 0) throw new Error(`unknown header matcher ${JSON.stringify(other)}`);
  if (presentMatch === true) return sent !== undefined;
  return sent !== undefined && text(stringMatch as Node, sent);
}

function filterState({ key, stringMatch }: Node, { principal }: Seen): boolean {
  if (key !== 'io.istio.peer_principal') throw new Error(`unknown filter state ${String(key)}`);
  return text(stringMatch as Node, principal);
}

function text(matcher: Node, actual: string): boolean {
  const fold = (value: unknown) => (matcher['ignoreCase'] === true ? String(value).toLowerCase() : String(value));
  const given = fold(actual);
  if ('exact' in matcher) return given === fold(matcher['exact']);
  if ('prefix' in matcher) return given.startsWith(fold(matcher['prefix']));
  if ('suffix' in matcher) return given.endsWith(fold(matcher['suffix']));
  if ('safeRegex' in matcher)
    return new RegExp(`^(?:${(matcher['safeRegex'] as { regex: string }).regex})$`).test(actual);
  throw new Error(`unknown text matcher ${JSON.stringify(matcher)}`);
}

/** envoy source/extensions/path/uri_template_lib/uri_template_internal.cc: `*` is one or more characters of a segment, `**` any of these and slashes. */
function template(pattern: string, path: string): boolean {
  // The star among them: a real Envoy 1.40 takes it.
  const character = "a-zA-Z0-9\\-._~%!$&'()*+,;:@=";
  const source = pattern
    .split(/(\*\*|\*)/)
    .map((part) => {
      if (part === '**') return `[${character}/]*`;
      return part === '*' ? `[${character}]+` : part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    })
    .join('');
  return new RegExp(`^${source}$`).test(path);
}

function plainPath({ headers }: Seen): string {
  return (headers.get(':path') ?? '').replace(/[?#].*$/s, '');
}

interface Cidr {
  readonly addressPrefix: string;
  readonly prefixLen?: number;
}

function within({ addressPrefix, prefixLen = 0 }: Cidr, address: string): boolean {
  const block = parseRange(`${addressPrefix}/${prefixLen}`);
  const one = parseRange(address);
  if (!block || !one || block.family !== one.family) return false;
  const drop = BigInt((block.family === 4 ? 32 : 128) - block.prefix);
  return block.bits >> drop === one.bits >> drop;
}
