// One request, as `curl` in a pod would send it.
import type { Resource } from '../../model/resource.ts';

export interface TraceRequest {
  readonly scheme: 'http' | 'https' | 'tcp';
  /** Lower case, without port. */
  readonly host: string;
  readonly port: number;
  /** Includes the query; `/` for connections that are not HTTP. */
  readonly path: string;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Server name in the client's handshake, where it is not the host. */
  readonly sni: string | undefined;
  readonly from: {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly labels: ReadonlyMap<string, string>;
    /** The Sidecar resource that is taken for the one that applies, where age decides between several. */
    readonly sidecar?: Resource<'Sidecar'> | undefined;
  };
}

/** Two requests with the same key are the same. */
export function requestKey({ headers, from, ...rest }: TraceRequest): string {
  return JSON.stringify([rest, [...headers], from.namespace, from.serviceAccount, [...from.labels]]);
}
