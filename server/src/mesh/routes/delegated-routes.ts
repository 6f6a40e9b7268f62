// VirtualServices with delegates, and the resulting routes.
import type { Resource } from '../../model/resource.ts';
import type { HttpMatch, TextMatch, VirtualServiceMatch, VirtualServiceRoute } from '../../model/specs.ts';
import type { Mesh } from '../mesh.ts';
import { scopeOf } from '../hosts/visibility.ts';

type VirtualService = Resource<'VirtualService'>;

/** A route as it counts, and whose it is. */
export interface OwnedRoute {
  readonly owner: VirtualService;
  readonly route: VirtualServiceRoute;
  /** Which of the owner's HTTP routes, counted from 1. */
  readonly number: number;
}

/**
 * The HTTP routes with each delegate's in place; a delegate that is not there, not exported to the root, or has hosts of its
 * own, leaves nothing. Undefined if no source shows whether it is there.
 * istio@86c9f01 pilot/pkg/model/virtualservice_controller.go mergeVirtualServices.
 */
export function withDelegates(mesh: Mesh, root: VirtualService): readonly OwnedRoute[] | undefined {
  // Every client asks, and a root can have thousands of delegates.
  return root.spec.http.some(({ delegate }) => delegate)
    ? mesh.derivedOf(`routes of ${root.id} with delegates`, root, merged)
    : merged(mesh, root);
}

function merged(mesh: Mesh, root: VirtualService): readonly OwnedRoute[] | undefined {
  const found = root.spec.http.map((route, i) =>
    route.delegate ? delegated(mesh, root, route) : [{ owner: root, route, number: i + 1 }],
  );
  return found.every((one) => one !== undefined) ? found.flat() : undefined;
}

function delegated(mesh: Mesh, root: VirtualService, route: VirtualServiceRoute): readonly OwnedRoute[] | undefined {
  const namespace = route.delegate?.namespace || root.namespace;
  const [delegate, ...more] = mesh.named('VirtualService', namespace, route.delegate?.name ?? '');
  if (more.length > 0 || (!delegate && !mesh.knows('VirtualService', namespace))) return undefined;
  if (!delegate || delegate.spec.hosts.length > 0) return [];
  const scope = scopeOf(mesh, delegate);
  if (scope !== 'everywhere' && (scope === 'nowhere' || !scope.has(root.namespace))) return [];
  return delegate.spec.http.flatMap((own, i) => {
    const both = merge(route, own);
    return both ? [{ owner: delegate, route: both, number: i + 1 }] : [];
  });
}

/** istio@86c9f01 pilot/pkg/model/virtualservice.go mergeHTTPRoute. */
function merge(root: VirtualServiceRoute, own: VirtualServiceRoute): VirtualServiceRoute | undefined {
  const matches = mergeMatches(root.matches, own.matches);
  return (
    matches && {
      ...own,
      matches,
      directResponse: own.directResponse ?? root.directResponse,
      hostRewrite: own.hostRewrite ?? root.hostRewrite,
      abort: own.abort ?? root.abort,
      mirrors: own.mirrors.length > 0 ? own.mirrors : root.mirrors,
    }
  );
}

/** Each match of the delegate must narrow one of the root's. istio@86c9f01 .../virtualservice.go mergeHTTPMatchRequests. */
function mergeMatches(
  root: readonly VirtualServiceMatch[],
  own: readonly VirtualServiceMatch[],
): readonly VirtualServiceMatch[] | undefined {
  if (root.length === 0) return own;
  if (own.length === 0) return root;
  const merged = own.map((leaf) => root.filter((one) => !conflicts(one, leaf)).map((one) => mergeMatch(one, leaf)));
  return merged.some((found) => found.length === 0) ? undefined : merged.flat();
}

function mergeMatch(root: VirtualServiceMatch, own: VirtualServiceMatch): VirtualServiceMatch {
  const [a, b] = [root.http ?? blank, own.http ?? blank];
  return {
    ...own,
    port: own.port || root.port,
    gateways: own.gateways.length > 0 ? own.gateways : root.gateways,
    sourceLabels: new Map([...root.sourceLabels, ...own.sourceLabels]),
    sourceNamespace: own.sourceNamespace ?? root.sourceNamespace,
    http:
      root.http || own.http
        ? {
            uri: b.uri ?? a.uri,
            ignoreUriCase: b.ignoreUriCase,
            method: b.method ?? a.method,
            scheme: b.scheme ?? a.scheme,
            authority: b.authority ?? a.authority,
            headers: new Map([...a.headers, ...b.headers]),
            withoutHeaders: new Map([...a.withoutHeaders, ...b.withoutHeaders]),
            queryParams: new Map([...a.queryParams, ...b.queryParams]),
          }
        : undefined,
  };
}

const none: ReadonlyMap<string, TextMatch> = new Map();
const blank: HttpMatch = {
  uri: undefined,
  ignoreUriCase: false,
  method: undefined,
  scheme: undefined,
  authority: undefined,
  headers: none,
  withoutHeaders: none,
  queryParams: none,
};

/** istio@86c9f01 .../virtualservice.go hasConflict. */
function conflicts(root: VirtualServiceMatch, leaf: VirtualServiceMatch): boolean {
  return (
    httpConflicts(root.http ?? blank, leaf.http ?? blank) ||
    Boolean(root.port && leaf.port && root.port !== leaf.port) ||
    Boolean(root.sourceNamespace?.value && leaf.sourceNamespace?.value !== root.sourceNamespace.value) ||
    gatewaysConflict(
      root.gateways.map(({ value }) => value),
      leaf.gateways.map(({ value }) => value),
    )
  );
}

function httpConflicts(root: HttpMatch, leaf: HttpMatch): boolean {
  return (
    (['uri', 'scheme', 'method', 'authority'] as const).some((field) => textConflicts(root[field], leaf[field])) ||
    (['headers', 'withoutHeaders', 'queryParams'] as const).some((field) =>
      [...leaf[field]].some(([name, match]) => textConflicts(root[field].get(name), match)),
    ) ||
    root.ignoreUriCase !== leaf.ignoreUriCase
  );
}

function gatewaysConflict(root: readonly string[], leaf: readonly string[]): boolean {
  return root.length > 0 && leaf.length > 0 && (root.length < leaf.length || leaf.some((one) => !root.includes(one)));
}

/** istio@86c9f01 .../virtualservice.go stringMatchConflict; `any` is an empty match or the regular expression `*`, which conflicts with what it stands beside. */
function textConflicts(root: TextMatch | undefined, leaf: TextMatch | undefined): boolean {
  if (!root || !leaf) return false;
  if (root.how === 'exact') return leaf.how !== 'exact' || leaf.value !== root.value;
  if (root.how !== 'prefix' || (leaf.how !== 'prefix' && leaf.how !== 'exact')) return true;
  return !leaf.value.startsWith(root.value);
}
