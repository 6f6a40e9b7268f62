// When a missing resource proves that there is none: the catalogue's "What a workspace vouches for".
import type { Kind } from '../model/kinds.ts';

/** What decides whether absence proves anything. */
export interface Vouching {
  /** Kinds of which the folder is said to hold all; undefined means `completeByDefault`. */
  readonly completeKinds?: readonly Kind[] | undefined;
  /** Kinds that a connected cluster gives all of. */
  readonly suppliedKinds?: readonly Kind[] | undefined;
}

/** Kinds that people keep beside each other: a folder is taken to hold all of them. */
export const completeByDefault: readonly Kind[] = [
  'ServiceEntry', 'DestinationRule', 'VirtualService', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'Gateway',
  'IstioGateway', 'AuthorizationPolicy', 'Telemetry', 'Sidecar', 'BackendTLSPolicy',
];

const clusterScoped: ReadonlySet<Kind> = new Set<Kind>(['Namespace', 'GatewayClass']);

export interface VouchedKinds {
  readonly outright: (kind: Kind) => boolean;
  /** Where one of the kind shows that the folder describes that kind there; undefined where nothing does. */
  readonly shownAt: (kind: Kind, namespace: string | undefined) => string | undefined;
}

/** Reads the settings once for an index. */
export function vouchedKinds({ completeKinds, suppliedKinds }: Vouching): VouchedKinds {
  const outright = new Set<Kind>([...(completeKinds ?? completeByDefault), ...(suppliedKinds ?? [])]);
  const never = new Set(completeByDefault);
  return {
    outright: (kind) => outright.has(kind),
    shownAt: (kind, namespace) => {
      if (outright.has(kind) || never.has(kind)) return undefined;
      return clusterScoped.has(kind) ? '' : namespace;
    },
  };
}
