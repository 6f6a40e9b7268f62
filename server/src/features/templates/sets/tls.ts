// TLS from the waypoint to an external host.
import type { Template } from '../template.ts';

const forHost = ['egress-namespace', 'service-entry-http-to-https'];

/** The account of a waypoint is named after it. */
const secretAccess = `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {waypoint}-secrets
  namespace: {namespace}
rules:
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, watch, list]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {waypoint}-secrets
  namespace: {namespace}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {waypoint}-secrets
subjects:
- kind: ServiceAccount
  name: {waypoint}
  namespace: {namespace}
`;

export const tlsTemplates: readonly Template[] = [
  {
    id: 'destination-rule-tls',
    title: 'DestinationRule: originate TLS',
    description: 'TLS from the waypoint to an external host (SIMPLE)',
    asks: ['namespace', 'host'],
    namedAfter: 'host',
    buildsOn: forHost,
    body: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {name}
  namespace: {namespace}
spec:
  host: {host}
  trafficPolicy:
    tls:
      mode: SIMPLE
`,
  },
  {
    id: 'destination-rule-mutual-tls',
    title: 'DestinationRule: originate mutual TLS',
    description:
      'TLS with a client certificate (MUTUAL), with the Role and RoleBinding that let the waypoint read its Secret',
    asks: ['namespace', 'host', 'waypoint', 'secret'],
    namedAfter: 'host',
    buildsOn: forHost,
    body: `# The Secret is in the waypoint's namespace, with the keys tls.crt, tls.key and ca.crt. Create it outside these files:
#   kubectl create secret generic {secret} -n {namespace} --from-file=tls.crt --from-file=tls.key --from-file=ca.crt
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {name}
  namespace: {namespace}
spec:
  host: {host}
  trafficPolicy:
    tls:
      mode: MUTUAL
      credentialName: {secret}
---
# istiod sends a private key only to a waypoint whose service account may list the Secrets of its namespace.
${secretAccess}`,
  },
  {
    id: 'secret-access',
    title: 'Role and RoleBinding: the waypoint may read Secrets',
    description:
      'istiod sends the key of a client certificate only to a waypoint that may list the Secrets of its namespace',
    asks: ['namespace', 'waypoint'],
    namedAfter: 'waypoint',
    buildsOn: ['egress-waypoint'],
    body: secretAccess,
  },
  {
    id: 'destination-rule-tls-port',
    title: 'DestinationRule: originate TLS on one port',
    description: 'TLS for plain HTTP on one port, for a host that is also called with TLS',
    asks: ['namespace', 'host', 'port'],
    namedAfter: 'host',
    buildsOn: forHost,
    body: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {name}
  namespace: {namespace}
spec:
  host: {host}
  trafficPolicy:
    portLevelSettings:
    # The port that clients dial, not the targetPort.
    - port:
        number: {port}
      tls:
        mode: SIMPLE
`,
  },
  {
    id: 'backend-tls-policy',
    title: 'BackendTLSPolicy for a ServiceEntry',
    description: 'TLS from the waypoint to an external host, by the Gateway API',
    asks: ['namespace', 'entry', 'host'],
    namedAfter: 'entry',
    buildsOn: forHost,
    since: '1.28',
    body: `apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata:
  name: {name}
  namespace: {namespace}
spec:
  targetRefs:
  - group: networking.istio.io
    kind: ServiceEntry
    name: {entry}
  validation:
    hostname: {host}
    wellKnownCACertificates: System
    # The name that the certificate must have: a waypoint verifies only the names of this list.
    subjectAltNames:
    - type: Hostname
      hostname: {host}
`,
  },
];
