import type { Span } from '../base/span.ts';
// The fields of Kubernetes' own kinds, as in `specs.ts`.
import type { Field } from './field.ts';

export interface ServiceSpec {
  readonly type: string | undefined;
  readonly clusterIP: string | undefined;
  readonly externalName: string | undefined;
  readonly selector: ReadonlyMap<string, string> | undefined;
  readonly ports: readonly {
    readonly number: Field<number>;
    readonly name: string | undefined;
    readonly targetPort: number | string | undefined;
    readonly appProtocol: string | undefined;
    readonly protocol: string | undefined;
  }[];
}

export interface SecretSpec {
  readonly type: string | undefined;
  /** Names of the keys of `data` and `stringData`. */
  readonly keys: readonly string[];
}

export interface RoleSpec {
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
    readonly resourceNames: readonly string[];
  }[];
}

export interface RoleBindingSpec {
  readonly roleRef: { readonly kind: string; readonly name: string } | undefined;
  readonly subjects: readonly {
    readonly kind: string;
    readonly namespace: string | undefined;
    readonly name: string;
  }[];
}

export interface LabelSelector {
  readonly matchLabels: ReadonlyMap<string, string>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

export interface NetworkPolicySpec {
  readonly podSelector: LabelSelector | undefined;
  readonly policyTypes: readonly string[];
  readonly egress: readonly NetworkPolicyRule[] | undefined;
  readonly ingress: readonly NetworkPolicyRule[] | undefined;
}
export interface NetworkPolicyRule {
  readonly ports:
    | readonly {
        readonly protocol: string | undefined;
        readonly port: number | string | undefined;
        readonly endPort: number | undefined;
      }[]
    | undefined;
  readonly peers:
    | readonly {
        readonly span: Span;
        readonly podSelector: LabelSelector | undefined;
        readonly namespaceSelector: LabelSelector | undefined;
        readonly cidr: string | undefined;
        readonly except: readonly string[];
      }[]
    | undefined;
}

export interface PodSpec {
  readonly labels: ReadonlyMap<string, Field<string>>;
  readonly annotations: ReadonlyMap<string, Field<string>>;
  /** `default` where the template names none. */
  readonly serviceAccount: Field<string> | undefined;
  readonly hostNetwork: boolean;
  readonly containers: readonly string[];
  readonly initContainers: readonly Field<string>[];
  /** Where all containers get the user or group 1337, which is that of the proxy. */
  readonly proxyUser: Span | undefined;
}

export interface ConfigMapSpec {
  readonly keys: readonly string[];
  /** The text under the key `mesh`, a YAML document of its own. */
  readonly mesh: Field<string> | undefined;
}
