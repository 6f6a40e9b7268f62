import type { Resource } from '../../model/resource.ts';

/** The host and port of an entry, and the waypoint that its requests arrive at. */
export interface RouteQuestion {
  readonly entry: Resource<'ServiceEntry'>;
  readonly host: string;
  readonly port: number;
  readonly chain: 'http' | 'tcp';
  readonly waypoint: Resource<'Gateway'>;
}
