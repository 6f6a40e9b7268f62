// Names: matching, specificity, short names. Hosts are compared in lower case.

/** `*`, `*.x` or an exact name against a host; a wildcard host is matched only by itself or a wider wildcard. */
export declare function hostMatches(pattern: string, host: string): boolean;

/** The keys under which a pattern that matches `host` can stand, most specific first: itself, `*.parent`, ..., `*`. */
export declare function patternsFor(host: string): readonly string[];

/** A name as Istio reads it in a DestinationRule or VirtualService: a short name belongs to the namespace's services. istio@86c9f01 pkg/config/config.go ResolveShortnameToFQDN. */
export declare function expandHost(name: string, namespace: string, clusterDomain: string): string;

/** True for names that Services have: one label, `x.ns.svc`, `x.ns.svc.<domain>`, `*.ns.svc...`, `*.local`. */
export declare function looksInCluster(name: string, clusterDomain: string): boolean;

/** `NAME.NAMESPACE.svc.DOMAIN`. */
export declare function serviceHost(service: { readonly name: string; readonly namespace: string }, clusterDomain: string): string;

/** What a port's `protocol` makes of the connection: `sniffed` where it is empty or unknown. istio@86c9f01 pkg/config/protocol/instance.go Parse. */
export declare function protocolKind(protocol: string | undefined): 'http' | 'tls' | 'tcp' | 'udp' | 'sniffed';
