// Names of objects and namespaces that any kind may have, and those that bind a resource to a gateway.
import { serviceAccountOf } from '../../mesh/destination-rules/secret-access.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import { namespaceName, useWaypoint, useWaypointNamespace } from '../../model/label-names.ts';
import { eachKey, fields } from '../field-pattern.ts';
import { namespace, objectNamed, objectOf, objectRef, ownName } from '../forms/objects.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { distinct, from, nearFirst, piece, type Candidate, type Form } from '../forms/form.ts';
import { ownAccount } from '../forms/accounts.ts';
import { labelKey, labelValue } from '../forms/selectors.ts';
import { ownSection } from '../forms/ports.ts';
import type { ReferenceField } from '../reference-field.ts';
import { beside, textAt, type FieldAt } from '../situation.ts';

/** Where the Gateway of a `use-waypoint` label is: another label says it, else it is the object's namespace, or the Namespace itself. */
function waypointNamespace({ root, kind, name, namespace: own }: FieldAt): string {
  return textAt(root, ['metadata', 'labels', useWaypointNamespace]) ?? (kind === 'Namespace' ? name : own);
}

const subject = objectRef([{ group: '', kind: 'ServiceAccount' }], { otherNamespaces: true, hasDefaults: true });

/** The account of a gateway is named after it. */
const boundAccount: Form = {
  ...subject,
  read(text, at) {
    const home = beside(at, 'namespace') ?? at.namespace;
    const gateway = at.mesh.inNamespace('Gateway', home).find((one) => serviceAccountOf(one) === text);
    return [
      ...subject.read(text, at),
      ...(gateway && text.startsWith(gateway.name)
        ? piece(0, gateway.name, objectNamed('Gateway', home, gateway.name))
        : []),
    ];
  },
  candidates: (at) => distinct(accountsToBind(at)),
};

/** Accounts of gateways, which Istio creates, then those of the files. Each needs its namespace beside it. */
function* accountsToBind(at: FieldAt): Generator<Candidate> {
  const home = beside(at, 'namespace');
  const isOffered = ({ namespace: where }: Resource): boolean => home === undefined || where === home;
  const near = home ?? at.namespace;
  const withFields = (resource: Resource): Pick<Candidate, 'beside' | 'uri'> => ({
    uri: resource.uri,
    beside: { kind: 'ServiceAccount', namespace: resource.namespace },
  });
  for (const gateway of nearFirst(at.mesh.inNamespace('Gateway', near), at.mesh.all('Gateway')))
    if (isOffered(gateway))
      yield { text: serviceAccountOf(gateway), detail: `account of ${describe(gateway)}`, ...withFields(gateway) };
  for (const account of nearFirst(at.mesh.inNamespace('ServiceAccount', near), at.mesh.all('ServiceAccount')))
    if (isOffered(account)) yield { ...from(account, account.name), ...withFields(account) };
}

const selectors = [
  'spec.workloadSelector.labels',
  'spec.workloadSelector.matchLabels',
  'spec.selector.matchLabels',
] as const;

/** The Gateway of the label, of a class that can be a waypoint. */
const waypointName = objectOf(
  'Gateway',
  waypointNamespace,
  (gateway, { mesh }) => isWaypointClass(gateway, mesh.settings) !== false,
);

export const objectFields: readonly ReferenceField[] = [
  {
    kinds: 'all',
    patterns: [fields('metadata.name')],
    form: ownName,
    role: 'declaration',
    checkedBy: { unchecked: 'it makes the object' },
  },
  {
    kinds: 'all',
    patterns: [fields('metadata.namespace')],
    form: namespace(),
    role: 'reference',
    checkedBy: { unchecked: 'most folders hold no Namespace' },
  },
  {
    kinds: ['ServiceEntry', 'Service', 'Namespace'],
    patterns: [['metadata', 'labels', useWaypoint]],
    form: waypointName,
    role: 'reference',
    checkedBy: ['unknown-waypoint'],
  },
  {
    kinds: ['Workload', 'Pod'],
    patterns: [['metadata', 'labels', useWaypoint]],
    form: waypointName,
    role: 'reference',
    checkedBy: {
      unchecked: 'use-waypoint-on-client tells it: the label does not take the requests of a client to a waypoint',
    },
  },
  {
    kinds: ['ServiceEntry', 'Service', 'Namespace', 'Workload', 'Pod'],
    patterns: [['metadata', 'labels', useWaypointNamespace]],
    form: namespace(),
    role: 'reference',
    checkedBy: { unchecked: 'unknown-waypoint tells the Gateway that is not there' },
  },
  {
    kinds: ['Gateway'],
    patterns: [fields('spec.gatewayClassName')],
    form: objectOf('GatewayClass'),
    role: 'reference',
    checkedBy: ['unknown-gateway-class'],
  },
  {
    kinds: ['Gateway'],
    patterns: [fields('spec.listeners[].name')],
    form: ownSection,
    role: 'declaration',
    checkedBy: { unchecked: 'it makes the listener' },
  },
  {
    kinds: ['Gateway'],
    patterns: [fields('spec.listeners[].tls.certificateRefs[].name')],
    form: objectRef([{ group: '', kind: 'Secret' }], { otherNamespaces: true, hasDefaults: true }),
    role: 'reference',
    checkedBy: ['unknown-credential'],
  },
  {
    kinds: ['Workload'],
    patterns: [
      fields('spec.template.spec.serviceAccountName'),
      fields('spec.jobTemplate.spec.template.spec.serviceAccountName'),
    ],
    form: ownAccount,
    role: 'reference',
    checkedBy: { unchecked: 'Kubernetes tells it when the pod is made' },
  },
  {
    kinds: ['Pod'],
    patterns: [fields('spec.serviceAccountName')],
    form: ownAccount,
    role: 'reference',
    checkedBy: { unchecked: 'Kubernetes tells it when the pod is made' },
  },
  {
    kinds: ['WorkloadEntry'],
    patterns: [fields('spec.serviceAccount')],
    form: ownAccount,
    role: 'reference',
    checkedBy: { unchecked: 'a machine outside may run as anybody' },
  },
  {
    kinds: ['RoleBinding'],
    patterns: [fields('roleRef.name')],
    form: objectRef([{ group: 'rbac.authorization.k8s.io', kind: 'Role' }], {
      otherNamespaces: false,
      hasDefaults: true,
    }),
    role: 'reference',
    checkedBy: { unchecked: 'Kubernetes refuses nothing here; credential-not-readable tells what lacks' },
  },
  {
    kinds: ['RoleBinding'],
    patterns: [fields('subjects[].name')],
    form: boundAccount,
    role: 'reference',
    checkedBy: { unchecked: 'accounts of waypoints are made by Istio' },
  },
  {
    kinds: ['RoleBinding'],
    patterns: [fields('subjects[].namespace')],
    form: namespace(),
    role: 'reference',
    checkedBy: { unchecked: 'most folders hold no Namespace' },
  },
  {
    kinds: ['Role'],
    patterns: [fields('rules[].resourceNames[]')],
    form: objectOf('Secret'),
    role: 'reference',
    applies: ({ root, path }) => textAt(root, [...path.slice(0, 2), 'resources', 0]) === 'secrets',
    checkedBy: { unchecked: 'Secrets are seldom in the files' },
  },
  {
    kinds: ['ServiceEntry', 'Sidecar', 'DestinationRule', 'AuthorizationPolicy', 'Telemetry', 'ProxyExtension'],
    patterns: selectors.map((path) => [...fields(path), eachKey]),
    form: labelValue,
    role: 'reference',
    checkedBy: { unchecked: 'pods are seldom in the files' },
  },
  {
    kinds: ['ServiceEntry', 'Sidecar', 'DestinationRule', 'AuthorizationPolicy', 'Telemetry', 'ProxyExtension'],
    patterns: selectors.map((path) => [...fields(path), eachKey]),
    on: 'key',
    form: labelKey,
    role: 'reference',
    checkedBy: { unchecked: 'pods are seldom in the files' },
  },
  {
    kinds: ['IstioGateway', 'Service'],
    patterns: [[...fields('spec.selector'), eachKey]],
    form: labelValue,
    role: 'reference',
    checkedBy: { unchecked: "a gateway's pods come with its installation" },
  },
  {
    kinds: ['DestinationRule'],
    patterns: [[...fields('spec.subsets[].labels'), eachKey]],
    form: labelValue,
    role: 'reference',
    checkedBy: { unchecked: 'pods are seldom in the files' },
  },
  {
    kinds: ['Workload'],
    patterns: [
      [...fields('spec.template.metadata.labels'), eachKey],
      [...fields('spec.jobTemplate.spec.template.metadata.labels'), eachKey],
    ],
    form: labelValue,
    role: 'declaration',
    checkedBy: { unchecked: 'it makes the label' },
  },
  {
    kinds: ['Pod'],
    patterns: [[...fields('metadata.labels'), eachKey]],
    form: labelValue,
    role: 'declaration',
    checkedBy: { unchecked: 'it makes the label' },
  },
  {
    kinds: ['NetworkPolicy'],
    patterns: [
      [...fields('spec.egress[].to[].namespaceSelector.matchLabels'), namespaceName],
      [...fields('spec.ingress[].from[].namespaceSelector.matchLabels'), namespaceName],
    ],
    form: namespace(),
    role: 'reference',
    checkedBy: { unchecked: 'most folders hold no Namespace' },
  },
];
