// What authorization judges: one request or connection as it reaches a waypoint.

export interface Connection {
  readonly source: ClientIdentity;
  readonly destination: {
    /** The ServiceEntry's host that the client dialled. */
    readonly host: string;
    /** The port that the client dialled: the entry's `number`, never the target port. */
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
