// ServiceEntry, Service, DestinationRule, Sidecar, WorkloadEntry: hosts, their ports, subsets and credentials.
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { eachKey, fields } from '../field-pattern.ts';
import type { Form } from '../forms/form.ts';
import { from, wholeFor } from '../forms/form.ts';
import { declaredHost, hostInNamespace, hostName, perhapsHost } from '../forms/hosts.ts';
import { namespace, objectNamed } from '../forms/objects.ts';
import { declaredPort, ownHosts, ownPortName, ownSection, portOf } from '../forms/ports.ts';
import { declaredSubset } from '../forms/selectors.ts';
import type { ReferenceField } from '../reference-field.ts';
import type { FieldAt } from '../situation.ts';

const policies = ['spec.trafficPolicy', 'spec.subsets[].trafficPolicy'].flatMap((policy) => [
  policy,
  `${policy}.portLevelSettings[]`,
]);

const exportScopes = [
  { text: '*', detail: 'every namespace' },
  { text: '.', detail: 'the own namespace only' },
  { text: '~', detail: 'nobody' },
];

/** The Secret of a rule's TLS: in the waypoint's namespace where the host is bound to one, else in the rule's own. */
const credential: Form = {
  names: 'Secret',
  spelling: '`name` or `kubernetes://name`',
  read: (text, at) => {
    const prefix = text.startsWith('kubernetes://') ? 'kubernetes://'.length : 0;
    const name = text.slice(prefix);
    if (name.includes('/')) return [];
    const entities = credentialNamespaces(at).map((home) => objectNamed('Secret', home, name));
    return wholeFor(name, entities).map((part) => ({ ...part, from: prefix, to: text.length }));
  },
  *candidates(at) {
    for (const home of credentialNamespaces(at))
      for (const secret of at.mesh.inNamespace('Secret', home)) yield from(secret, secret.name);
  },
};

function credentialNamespaces(at: FieldAt): readonly string[] {
  const bound = ownHosts(at)
    .flatMap((host) => at.mesh.hostOwners(host))
    .map(({ resource }) => bindWaypoint(at.mesh, resource));
  const homes = bound.flatMap((binding) => (binding.state === 'bound' ? [binding.gateway.namespace] : []));
  return homes.length > 0 ? [...new Set(homes)] : [at.namespace];
}

export const hostFields: readonly ReferenceField[] = [
  {
    kinds: ['ServiceEntry'],
    patterns: [fields('spec.hosts[]')],
    form: declaredHost,
    role: 'declaration',
    checkedBy: { unchecked: 'it makes the host' },
  },
  {
    kinds: ['ServiceEntry'],
    patterns: [fields('spec.ports[].number')],
    form: declaredPort,
    role: 'declaration',
    checkedBy: { unchecked: 'it makes the port' },
  },
  {
    kinds: ['Service'],
    patterns: [fields('spec.ports[].port')],
    form: portOf(ownHosts),
    role: 'declaration',
    checkedBy: { unchecked: 'it makes the port' },
  },
  {
    kinds: ['ServiceEntry', 'Service'],
    patterns: [fields('spec.ports[].name')],
    form: ownSection,
    role: 'declaration',
    checkedBy: { unchecked: 'it makes the port' },
  },
  {
    kinds: ['ServiceEntry'],
    patterns: [[...fields('spec.endpoints[].ports'), eachKey]],
    on: 'key',
    form: ownPortName,
    role: 'reference',
    checkedBy: { unchecked: 'a schema rule tells it: it is refused' },
  },
  {
    kinds: ['ServiceEntry', 'DestinationRule', 'VirtualService'],
    patterns: [fields('spec.exportTo[]')],
    form: namespace(exportScopes),
    role: 'reference',
    checkedBy: { unchecked: 'most folders hold no Namespace' },
  },
  {
    kinds: ['DestinationRule'],
    patterns: [fields('spec.host')],
    form: hostName,
    role: 'reference',
    checkedBy: ['unknown-destination-host'],
  },
  {
    kinds: ['DestinationRule'],
    patterns: [fields('spec.subsets[].name')],
    form: declaredSubset,
    role: 'declaration',
    checkedBy: { unchecked: 'it makes the subset' },
  },
  {
    kinds: ['DestinationRule'],
    patterns: [
      fields('spec.trafficPolicy.portLevelSettings[].port.number'),
      fields('spec.subsets[].trafficPolicy.portLevelSettings[].port.number'),
    ],
    form: portOf(ownHosts),
    role: 'reference',
    checkedBy: ['port-level-target-port'],
  },
  {
    kinds: ['DestinationRule'],
    patterns: policies
      .filter((policy) => !policy.includes('subsets'))
      .map((policy) => fields(`${policy}.tls.credentialName`)),
    form: credential,
    role: 'reference',
    checkedBy: ['unknown-credential'],
  },
  {
    kinds: ['DestinationRule'],
    patterns: policies
      .filter((policy) => policy.includes('subsets'))
      .map((policy) => fields(`${policy}.tls.credentialName`)),
    form: credential,
    role: 'reference',
    checkedBy: { unchecked: 'a subset counts only where a route chooses it' },
  },
  {
    kinds: ['DestinationRule', 'ServiceEntry', 'BackendTLSPolicy'],
    patterns: [
      ...policies.flatMap((policy) => [fields(`${policy}.tls.sni`), fields(`${policy}.tls.subjectAltNames[]`)]),
      fields('spec.subjectAltNames[]'),
      fields('spec.validation.hostname'),
      fields('spec.validation.subjectAltNames[].hostname'),
    ],
    form: perhapsHost,
    role: 'reference',
    checkedBy: { unchecked: "a certificate's name need not be a host of the mesh" },
  },
  {
    kinds: ['Sidecar'],
    patterns: [fields('spec.egress[].hosts[]')],
    form: hostInNamespace,
    role: 'reference',
    checkedBy: { unchecked: 'a list of imports may be wider than what there is' },
  },
];
