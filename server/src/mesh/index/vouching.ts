// When a missing resource proves that it does not exist: server/src/rules/README.md, "When a missing resource is a finding".
import type { Kind } from '../../model/kinds.ts';

/** What decides whether absence proves anything. */
export interface Vouching {
  /** Kinds that the folder fully covers; undefined means `completeByDefault`. */
  readonly completeKinds?: readonly Kind[] | undefined;
  /** Whether only some files of a folder are read, so that one resource of a kind does not show that all are there. */
  readonly isPartial?: boolean | undefined;
  /** Kinds that a connected cluster gives all of. */
  readonly suppliedKinds?: readonly Kind[] | undefined;
  /** The namespaces that were read; undefined if all were. */
  readonly suppliedNamespaces?: readonly string[] | undefined;
}

/** Kinds that users keep beside each other: a folder is taken to hold all of them. */
export const completeByDefault: readonly Kind[] = [
  'ServiceEntry',
  'DestinationRule',
  'VirtualService',
  'HTTPRoute',
  'GRPCRoute',
  'TLSRoute',
  'TCPRoute',
  'Gateway',
  'IstioGateway',
  'AuthorizationPolicy',
  'Telemetry',
  'Sidecar',
  'BackendTLSPolicy',
];

const clusterScoped: ReadonlySet<Kind> = new Set<Kind>(['Namespace', 'GatewayClass']);

export interface VouchedKinds {
  /** Without a namespace: in all of them. */
  readonly outright: (kind: Kind, namespace: string | undefined) => boolean;
  /** Where one of the kind shows that the folder describes that kind there; undefined if nothing does. */
  readonly shownAt: (kind: Kind, namespace: string | undefined) => string | undefined;
}

/** Reads the settings once for an index. */
export function vouchedKinds({ completeKinds, isPartial, suppliedKinds, suppliedNamespaces }: Vouching): VouchedKinds {
  const complete = new Set<Kind>(completeKinds ?? (isPartial ? [] : completeByDefault));
  const supplied = new Set<Kind>(suppliedKinds ?? []);
  const namespaces = suppliedNamespaces && new Set(suppliedNamespaces);
  const never = new Set(completeByDefault);
  const outright = (kind: Kind, namespace: string | undefined) =>
    complete.has(kind) ||
    (supplied.has(kind) &&
      (namespaces === undefined || clusterScoped.has(kind) || (namespace !== undefined && namespaces.has(namespace))));
  return {
    outright,
    shownAt: (kind, namespace) => {
      if (isPartial || outright(kind, namespace) || never.has(kind)) return undefined;
      return clusterScoped.has(kind) ? '' : namespace;
    },
  };
}
