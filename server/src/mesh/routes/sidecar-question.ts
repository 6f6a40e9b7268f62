// What is asked about a client's sidecar, and what it can do.
import type { Owner } from '../hosts/owners-at-proxy.ts';
import type { SidecarClient } from '../clients/sidecar-scope.ts';
import type { RouteDecision } from './choose-route.ts';
import type { RoutedRequest } from './route-condition.ts';
import type { Taken } from './sidecar-chains.ts';

export interface RoutedClient extends SidecarClient {
  /** False where the pod may have more labels. */
  readonly hasAllLabels: boolean;
}

export interface SidecarQuestion {
  readonly client: RoutedClient;
  /** What the sidecar finds the service by: the Host of HTTP, the server name of TLS, else the host that is dialled. */
  readonly name: string;
  readonly port: number;
  readonly bytes: 'http' | 'tls' | 'opaque';
  readonly request: RoutedRequest;
}

export type SidecarChoice =
  | {
      readonly state: 'found';
      /** Which host of the services the name is, or the host of the route. */
      readonly host: string;
      /** Of which the chain is made; undefined where only a route has the host. */
      readonly service: Owner | undefined;
      /** Of which the cluster is made; undefined where the sidecar has none. §B.23. */
      readonly cluster: Owner | undefined;
      /** Whose names of certificates count, where several services have the host. */
      readonly naming: Owner | undefined;
      /** With which others are put together in the cluster. */
      readonly oldest: Owner | undefined;
      readonly taken: Taken;
      readonly decision: RouteDecision;
    }
  /** The sidecar has neither a service nor a route for the name. `atListener`: a listener of the service's own address takes it, and none of its chains does. */
  | { readonly state: 'nothing'; readonly atListener?: boolean }
  /** What it imports, or which routes, is not known. */
  | { readonly state: 'unknown' };

/** One host that the name can be. */
export interface Place {
  readonly pattern: string;
  /** With a chain for what the client sends to the port. */
  readonly service: Owner | undefined;
  readonly taken: Taken | undefined;
  readonly cluster: Owner | undefined;
  readonly naming: Owner | undefined;
  readonly oldest: Owner | undefined;
  /** Whether a service has the port for something else than HTTP. */
  readonly isForBytes: boolean;
}
