// What the test and the program in the network of its own say to each other: a line of JSON a message.

/** A proxy with its configuration; `address` is its pod's. */
export interface ProxyJob {
  readonly name: string;
  readonly address: string;
  /** In its certificate of the mesh. */
  readonly identity: string;
  /** Whether it connects from its pod's address, as logs show it. */
  readonly isFromPod?: boolean;
  /** Envoy's bootstrap, whose access logs and admin address are set inside. */
  readonly listeners: readonly object[];
  readonly clusters: readonly object[];
  /** Files that it reads by path: route configurations of RDS. */
  readonly files?: Readonly<Record<string, object>>;
}

export interface Query {
  readonly id: string;
  /** Of the client's certificate: its identity in the mesh. */
  readonly as: string;
  /** The client's pod. */
  readonly ip: string;
  /** How the client's bytes come to the first proxy: through the tunnel of a ztunnel, or redirected to the pod's own sidecar. */
  readonly way: 'tunnel' | 'redirect';
  /** The address of that proxy's pod. */
  readonly proxy: string;
  /** What the client dials. */
  readonly address: string;
  readonly port: number;
  readonly scheme: 'http' | 'https' | 'tcp';
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sni: string;
  readonly certificate: SiteCertificate;
  /** What sites do with requests, unless they answer them with 200. */
  readonly site?: 'silent' | 'failing';
  /** Ports where sites speak plaintext only. */
  readonly plainPorts: readonly number[];
  /** Whether the mesh may log nothing. */
  readonly isQuiet: boolean;
  /** How many lines are waited for, for a moment. */
  readonly lines: number;
  /** How many copies of the request are waited for, besides the request itself where that reaches a site. */
  readonly copies: number;
}

/** What the sites show while the request runs. */
export interface SiteCertificate {
  /** `client`: the authority of which a Secret tells. */
  readonly by: 'system' | 'secret' | 'nobody';
  /** Besides the name that is asked for; alone where `only`. */
  readonly names: readonly string[];
  readonly only?: boolean;
  readonly expired?: boolean;
  /** Of a public authority, which certifies no name of the cluster: where the trace says that it matters, as the server may be one of the author's own. */
  readonly isPublic?: boolean;
}

export interface Job {
  readonly name: string;
  readonly proxies: readonly ProxyJob[];
  readonly ports: readonly number[];
  /** Where sites are besides where names lead; without it, everywhere. */
  readonly sites?: readonly string[];
  /** Addresses of names; all others get one of their own. */
  readonly names?: Readonly<Record<string, string>>;
  readonly queries: readonly Query[];
}

/** A connection that arrived at a site. */
export interface Arrival {
  /** The name, or the address where no name leads there. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** Whether anything was sent. */
  readonly spoke: boolean;
  /** Layers of TLS that were asked for, one in the other. */
  readonly layers: number;
  /** Of the outer layer. */
  readonly sni?: string;
  /** Who the client's certificate of the outer layer is for. */
  readonly client?: string;
  readonly request?: ArrivedRequest;
}

/** Bytes that are not HTTP have no method. */
export interface ArrivedRequest {
  readonly version: string;
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Outcome {
  /** `answered`: HTTP came back; `closed`: nothing did; `hung`: neither in time. */
  readonly ended: 'answered' | 'closed' | 'hung';
  readonly status?: number;
  readonly body?: string;
  readonly location?: string;
  /** At which step it was closed. */
  readonly at?: string;
}

export interface Answer extends Outcome {
  readonly id: string;
  readonly arrivals: readonly Arrival[];
  /** Lines of the proxies' access logs, by the proxy's name. */
  readonly lines: readonly { readonly proxy: string; readonly text: string }[];
}

export interface JobAnswer {
  readonly name: string;
  /** Proxies that did not start, with what Envoy said. */
  readonly failed: readonly string[];
  readonly answers: readonly Answer[];
}
