// The fields of each kind that decide egress, with their positions. A field of the wrong type is
// absent; the schema check reports it. API defaults are not filled in: an absent field is undefined.
import type { Span } from '../base/span.ts';
import type { Field } from './field.ts';
import type { LabelSelector } from './kubernetes-specs.ts';

export type * from './kubernetes-specs.ts';
export type * from './route-specs.ts';
export type * from './workload-entry-spec.ts';

export type EmptySpec = Readonly<Record<never, never>>;

export interface ServiceEntrySpec {
  readonly hosts: readonly Field<string>[];
  readonly hostsKey: Span | undefined;
  readonly addresses: readonly Field<string>[];
  readonly ports: readonly ServiceEntryPort[];
  readonly portsKey: Span | undefined;
  readonly resolution: Field<string> | undefined;
  readonly location: Field<string> | undefined;
  readonly endpoints: readonly {
    readonly address: Field<string> | undefined;
    readonly network: Field<string> | undefined;
    readonly ports: ReadonlyMap<string, number>;
    readonly labels: ReadonlyMap<string, string>;
    readonly span: Span;
  }[];
  readonly workloadSelector: ReadonlyMap<string, string> | undefined;
  readonly exportTo: readonly Field<string>[] | undefined;
  readonly subjectAltNames: readonly Field<string>[];
  /** True if the object as the cluster has it was given addresses by istiod (`status.addresses`). */
  readonly allocated: true | undefined;
}
export interface ServiceEntryPort {
  readonly span: Span;
  readonly index: number;
  /** What clients dial and what every policy and rule names. */
  readonly number: Field<number> | undefined;
  readonly name: Field<string> | undefined;
  readonly protocol: Field<string> | undefined;
  /** What is dialled on the endpoint; absent means `number`. */
  readonly targetPort: Field<number> | undefined;
}

export interface DestinationRuleSpec {
  readonly host: Field<string> | undefined;
  readonly trafficPolicy: TrafficPolicy | undefined;
  readonly subsets: readonly {
    readonly name: Field<string> | undefined;
    readonly labels: ReadonlyMap<string, string>;
    readonly trafficPolicy: TrafficPolicy | undefined;
    readonly span: Span;
  }[];
  readonly exportTo: readonly Field<string>[] | undefined;
  readonly workloadSelector: { readonly matchLabels: ReadonlyMap<string, string>; readonly key: Span } | undefined;
}
interface PolicyParts {
  readonly tls: ClientTls | undefined;
  /** Names of the other fields that are set: `connectionPool`, `loadBalancer`, ... */
  readonly otherFields: readonly string[];
  /** The `connectionPool`, where it says how HTTP is spoken to the server, not only how much. */
  readonly httpOptions: Span | undefined;
  /** Its key. */
  readonly outlierDetection: Span | undefined;
}
export interface TrafficPolicy extends PolicyParts {
  readonly key: Span;
  readonly portLevelSettings: readonly PortTrafficPolicy[];
}
export interface PortTrafficPolicy extends PolicyParts {
  readonly span: Span;
  readonly index: number;
  readonly port: Field<number> | undefined;
}
export interface ClientTls {
  readonly key: Span;
  readonly span: Span;
  readonly mode: Field<string> | undefined;
  readonly sni: Field<string> | undefined;
  readonly subjectAltNames: readonly Field<string>[];
  readonly credentialName: Field<string> | undefined;
  readonly caCertificates: Field<string> | undefined;
  readonly clientCertificate: Field<string> | undefined;
  readonly privateKey: Field<string> | undefined;
  readonly insecureSkipVerify: Field<boolean> | undefined;
}

export interface IstioGatewaySpec {
  readonly selector: ReadonlyMap<string, string>;
  readonly selectorKey: Span | undefined;
  readonly servers: readonly GatewayServer[];
}
export interface GatewayServer {
  readonly span: Span;
  readonly index: number;
  readonly port: number | undefined;
  readonly protocol: Field<string> | undefined;
  readonly bind: string | undefined;
  readonly hosts: readonly Field<string>[];
  readonly tls: GatewayServerTls | undefined;
}
export interface GatewayServerTls {
  readonly key: Span;
  readonly mode: Field<string> | undefined;
  readonly httpsRedirect: boolean;
  readonly credentialName: Field<string> | undefined;
  /** In the place of `credentialName`. */
  readonly credentialNames: readonly Field<string>[];
  readonly caCertCredentialName: Field<string> | undefined;
}

export interface GatewaySpec {
  readonly gatewayClassName: Field<string> | undefined;
  readonly listeners: readonly GatewayListener[];
  readonly listenersKey: Span | undefined;
  /** True if the Gateway checks the certificates of clients for all its listeners. */
  readonly checksClients: boolean;
  /** Where `addresses` name Services: it configures their pods, and istiod makes none for it. */
  readonly services: readonly string[] | undefined;
  /** True if `allowedListeners` lets ListenerSets add listeners. */
  readonly takesListenerSets: true | undefined;
  /** True if `parametersRef` changes the Service and the pods that istiod makes. */
  readonly hasParameters: true | undefined;
  /** Labels that the pods get besides. */
  readonly podLabels?: ReadonlyMap<string, string>;
}
export interface GatewayListener {
  readonly span: Span;
  readonly index: number;
  readonly name: Field<string> | undefined;
  readonly port: Field<number> | undefined;
  readonly protocol: Field<string> | undefined;
  readonly hostname: Field<string> | undefined;
  readonly tls: ListenerTls | undefined;
  readonly allowedRoutes:
    | {
        readonly key: Span;
        readonly from: Field<string> | undefined;
        readonly selector: LabelSelector | undefined;
        /** Of routes; undefined where the protocol decides. */
        readonly kinds?: readonly string[];
      }
    | undefined;
}
export interface ListenerTls {
  readonly mode: Field<string> | undefined;
  readonly certificateRefs: readonly {
    readonly group: string | undefined;
    readonly kind: string | undefined;
    readonly name: Field<string> | undefined;
    readonly namespace: string | undefined;
  }[];
  /** Istio's option for the mesh's mTLS or for another client certificate. */
  readonly terminateMode: string | undefined;
  readonly checksClients: boolean;
}
export interface GatewayClassSpec {
  readonly controllerName: Field<string> | undefined;
}

export interface TargetRef {
  readonly span: Span;
  readonly index: number;
  /** True for the deprecated singular `targetRef`. */
  readonly singular: boolean;
  readonly group: Field<string> | undefined;
  readonly kind: Field<string> | undefined;
  readonly name: Field<string> | undefined;
  readonly namespace: Field<string> | undefined;
}
export interface AuthorizationPolicySpec {
  readonly targetRefs: readonly TargetRef[];
  readonly selector: { readonly matchLabels: ReadonlyMap<string, string>; readonly key: Span } | undefined;
  readonly action: Field<string> | undefined;
  readonly provider: Field<string> | undefined;
  /** Undefined if `rules` is absent or empty: an ALLOW then allows nothing. */
  readonly rules: readonly AuthorizationRule[] | undefined;
  readonly rulesKey: Span | undefined;
}
export interface AuthorizationRule {
  readonly span: Span;
  readonly from: readonly { readonly span: Span; readonly fields: readonly MatchField[] }[];
  readonly to: readonly { readonly span: Span; readonly fields: readonly MatchField[] }[];
  readonly when: readonly {
    readonly span: Span;
    readonly key: Field<string> | undefined;
    readonly values: readonly Field<string>[];
    readonly notValues: readonly Field<string>[];
  }[];
}
/** `principals: [...]`, `notPaths: [...]`: the name as written and its values. */
export interface MatchField {
  readonly name: string;
  readonly key: Span;
  readonly values: readonly Field<string>[];
}

export interface TelemetrySpec {
  readonly targetRefs: readonly TargetRef[];
  readonly selector: { readonly matchLabels: ReadonlyMap<string, string>; readonly key: Span } | undefined;
  readonly accessLogging: readonly {
    readonly span: Span;
    readonly mode: Field<string> | undefined;
    readonly providers: readonly Field<string>[];
    readonly disabled: boolean;
  }[];
  readonly metrics: readonly { readonly span: Span; readonly providers: readonly Field<string>[] }[];
  readonly tracing: readonly {
    readonly span: Span;
    readonly providers: readonly Field<string>[];
    readonly disableContextPropagation: boolean;
  }[];
}

export interface SidecarSpec {
  readonly workloadSelector: ReadonlyMap<string, string> | undefined;
  readonly selectorKey: Span | undefined;
  readonly outboundTrafficPolicy:
    | { readonly key: Span; readonly mode: Field<string> | undefined; readonly egressProxy: Span | undefined }
    | undefined;
  readonly egressHosts: readonly Field<string>[];
  /** The first of `egress` with a port, an address or a mode of capture of its own. */
  readonly ownListener: Span | undefined;
}

export type ExtendedProxy = 'waypoint' | 'sidecar' | 'gateway';
export interface ProxyExtensionSpec {
  readonly targetRefs: readonly TargetRef[];
  /** Empty for all pods of its namespace. */
  readonly selector: ReadonlyMap<string, string>;
  /** Whose way out of the mesh it changes, if it is attached there. */
  readonly proxies: ReadonlySet<ExtendedProxy>;
}

export interface BackendTlsPolicySpec {
  readonly targetRefs: readonly (TargetRef & { readonly sectionName: Field<string> | undefined })[];
  readonly hostname: Field<string> | undefined;
  readonly wellKnownCACertificates: Field<string> | undefined;
  readonly caCertificateRefs: readonly {
    readonly kind: string | undefined;
    readonly name: Field<string> | undefined;
    readonly span: Span;
  }[];
  readonly subjectAltNames: readonly Field<string>[];
}
