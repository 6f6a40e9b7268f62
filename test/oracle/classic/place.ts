// Where the objects of one host are, and how often something in them is wrong.
import type { Random } from './random.ts';
import { gatewayService } from './world.ts';

export type Way = 'direct' | 'http' | 'passthrough' | 'tcp' | 'mutual-http' | 'mutual-tcp' | 'own-http' | 'own-tcp';

/** Through a gateway of the Gateway API. */
export type ApiWay = 'api-http' | 'api-mutual-http' | 'api-passthrough' | 'api-tcp' | 'api-mutual-tcp';

export interface Place {
  readonly random: Random;
  /** How often something deviates from what is right. */
  readonly faults: number;
  readonly gatewayNamespace: string;
  /** Of the objects of this host. */
  readonly home: string;
  readonly number: number;
  readonly host: string;
  /** How often a port names no protocol, so that proxies detect it. */
  readonly detected?: number;
}

export function gatewayHost({ gatewayNamespace }: Pick<Place, 'gatewayNamespace'>): string {
  return `${gatewayService}.${gatewayNamespace}.svc.cluster.local`;
}

export function exportOf({ random, gatewayNamespace }: Place): readonly string[] {
  return random.pick(['.'], ['*'], ['.', gatewayNamespace], ['apps'], [gatewayNamespace]);
}
