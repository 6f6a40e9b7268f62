// What authorization judges: one request or connection as it reaches a waypoint or an egress gateway.

export interface Connection {
  readonly source: ClientIdentity;
  readonly destination: {
    /** The ServiceEntry's host that the client dialled. */
    readonly host: string;
    /** At a waypoint the port that the client dialled: the entry's `number`. At an egress gateway the one that its pods listen on. */
    readonly port: number;
    /** The address that the client dialled: itself, or the ranges (CIDR) that it is in one of; empty where nothing is known. */
    readonly addresses: readonly string[];
  };
  /** HTTP conditions are judged on HTTP chains only. */
  readonly chain: 'http' | 'tcp';
  /** Undefined on a TCP chain. */
  readonly http: HttpRequest | undefined;
  /** Server name of the client's own TLS handshake, where one is inspected. */
  readonly sni: string | undefined;
}

interface ClientIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly trustDomain: string;
  /** No certificate of the mesh arrives, so that no condition on the client matches. */
  readonly isAnonymous?: boolean;
  /** The pod's address, where it is known. */
  readonly ip: string | undefined;
}

interface HttpRequest {
  readonly method: string;
  /** `:authority`, with the port where the client sends one. */
  readonly authority: string;
  /** With its query, as the proxy normalises it. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}
