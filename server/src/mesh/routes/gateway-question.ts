// What is asked of the routes of a gateway's port.
import type { EgressGateway, ServerOnPort } from '../clients/egress-gateway.ts';
import type { RoutedRequest } from './route-condition.ts';

export interface GatewayQuestion {
  readonly gateway: EgressGateway;
  /** The servers whose routes count. */
  readonly servers: readonly ServerOnPort[];
  readonly chain: 'http' | 'tcp' | 'passthrough';
  /** The Host of the request, or the server name. */
  readonly name: string;
  readonly request: RoutedRequest;
}
