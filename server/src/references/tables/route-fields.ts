// VirtualService, the routes of the Gateway API, and both kinds of Gateway.
import { fields } from '../field-pattern.ts';
import { fullHostName, hostInNamespace, hostName, perhapsHost } from '../forms/hosts.ts';
import {
  namespace,
  objectInAnyNamespace,
  objectOf,
  objectRef,
  type RefForm,
  type TargetChoice,
} from '../forms/objects.ts';
import { backendHosts, parentHosts, hostAbove, ownHosts, portOf, sectionOfRef } from '../forms/ports.ts';
import { subset } from '../forms/selectors.ts';
import type { ReferenceField } from '../reference-field.ts';
import { beside } from '../situation.ts';

const routeKinds = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'] as const;
const gateway: TargetChoice = { group: 'gateway.networking.k8s.io', kind: 'Gateway' };
const parents: readonly TargetChoice[] = [
  gateway,
  { group: 'networking.istio.io', kind: 'ServiceEntry' },
  { group: '', kind: 'Service' },
];
const withDefaults: RefForm = { otherNamespaces: true, hasDefaults: true };
const destinations = [
  'spec.http[].route[].destination',
  'spec.http[].mirror',
  'spec.http[].mirrors[].destination',
  'spec.tls[].route[].destination',
  'spec.tcp[].route[].destination',
];
const mirrors = [
  'spec.rules[].filters[].requestMirror.backendRef',
  'spec.rules[].backendRefs[].filters[].requestMirror.backendRef',
];
const backends = ['spec.rules[].backendRefs[]', ...mirrors];
const isHostname = (kind: string | undefined): boolean => kind === 'Hostname';

export const routeFields: readonly ReferenceField[] = [
  {
    kinds: ['VirtualService'],
    patterns: [fields('spec.hosts[]')],
    form: hostName,
    role: 'reference',
    checkedBy: { unchecked: 'a VirtualService may be for a name that only its gateway knows' },
  },
  {
    kinds: ['VirtualService'],
    patterns: destinations.map((path) => fields(`${path}.host`)),
    form: hostName,
    role: 'reference',
    checkedBy: ['unknown-route-host'],
  },
  {
    kinds: ['VirtualService'],
    patterns: destinations.map((path) => fields(`${path}.subset`)),
    form: subset,
    role: 'reference',
    checkedBy: ['unknown-subset'],
  },
  {
    kinds: ['VirtualService'],
    patterns: destinations.map((path) => fields(`${path}.port.number`)),
    form: portOf(hostAbove(2)),
    role: 'reference',
    checkedBy: ['unknown-route-port'],
  },
  {
    kinds: ['VirtualService'],
    patterns: ['http', 'tls', 'tcp'].map((protocol) => fields(`spec.${protocol}[].match[].port`)),
    form: portOf(ownHosts),
    role: 'reference',
    checkedBy: { unchecked: "it may be a gateway's port" },
  },
  {
    kinds: ['VirtualService'],
    patterns: [fields('spec.tls[].match[].sniHosts[]')],
    form: fullHostName,
    role: 'reference',
    checkedBy: { unchecked: 'it may be a name that only its gateway knows' },
  },
  {
    kinds: ['VirtualService'],
    patterns: [
      fields('spec.gateways[]'),
      ...['http', 'tls', 'tcp'].map((protocol) => fields(`spec.${protocol}[].match[].gateways[]`)),
    ],
    form: objectInAnyNamespace('IstioGateway', ['mesh']),
    role: 'reference',
    checkedBy: ['unknown-gateway'],
  },
  {
    kinds: ['VirtualService'],
    patterns: [fields('spec.http[].delegate.name')],
    form: objectOf('VirtualService', (at) => beside(at, 'namespace') ?? at.namespace),
    role: 'reference',
    checkedBy: { unchecked: 'trace tells it: a delegate that is not there routes nothing' },
  },
  {
    kinds: ['VirtualService'],
    patterns: [
      fields('spec.http[].delegate.namespace'),
      ...['http', 'tls', 'tcp'].map((protocol) => fields(`spec.${protocol}[].match[].sourceNamespace`)),
    ],
    form: namespace(),
    role: 'reference',
    checkedBy: { unchecked: 'most folders hold no Namespace' },
  },
  {
    kinds: ['IstioGateway'],
    patterns: [fields('spec.servers[].hosts[]')],
    form: hostInNamespace,
    role: 'reference',
    checkedBy: { unchecked: 'a gateway may serve names that no entry has' },
  },
  {
    kinds: ['IstioGateway'],
    patterns: [fields('spec.servers[].tls.credentialName')],
    form: objectOf('Secret'),
    role: 'reference',
    checkedBy: ['unknown-credential'],
  },
  {
    kinds: ['Gateway', 'HTTPRoute', 'GRPCRoute', 'TLSRoute'],
    patterns: [fields('spec.listeners[].hostname'), fields('spec.hostnames[]')],
    form: perhapsHost,
    role: 'reference',
    checkedBy: { unchecked: 'a gateway may serve names that no entry has' },
  },
  {
    kinds: routeKinds,
    patterns: [fields('spec.parentRefs[].name')],
    form: objectRef(parents, withDefaults),
    role: 'reference',
    applies: (at) => beside(at, 'kind') !== 'ServiceEntry',
    checkedBy: ['unknown-gateway'],
  },
  {
    kinds: routeKinds,
    patterns: [fields('spec.parentRefs[].name')],
    form: objectRef(parents, withDefaults),
    role: 'reference',
    applies: (at) => beside(at, 'kind') === 'ServiceEntry',
    checkedBy: ['unknown-route-parent'],
  },
  {
    kinds: routeKinds,
    patterns: [fields('spec.parentRefs[].namespace'), ...backends.map((path) => fields(`${path}.namespace`))],
    form: namespace(),
    role: 'reference',
    checkedBy: { unchecked: 'most folders hold no Namespace' },
  },
  {
    kinds: routeKinds,
    patterns: [fields('spec.parentRefs[].port')],
    form: portOf(parentHosts),
    role: 'reference',
    applies: (at) => beside(at, 'kind') === 'ServiceEntry',
    checkedBy: ['unknown-route-parent'],
  },
  {
    kinds: routeKinds,
    patterns: [fields('spec.parentRefs[].sectionName')],
    form: sectionOfRef(gateway),
    role: 'reference',
    checkedBy: { unchecked: 'listeners of gateways that the files do not show' },
  },
  {
    kinds: routeKinds,
    patterns: [fields('spec.rules[].backendRefs[].name')],
    form: fullHostName,
    role: 'reference',
    applies: (at) => isHostname(beside(at, 'kind')),
    checkedBy: ['unknown-route-backend'],
  },
  {
    kinds: routeKinds,
    patterns: mirrors.map((path) => fields(`${path}.name`)),
    form: fullHostName,
    role: 'reference',
    applies: (at) => isHostname(beside(at, 'kind')),
    checkedBy: { unchecked: 'requests do not wait for a mirror, so none fails' },
  },
  {
    kinds: routeKinds,
    patterns: backends.map((path) => fields(`${path}.name`)),
    form: objectRef([{ group: '', kind: 'Service' }], withDefaults),
    role: 'reference',
    applies: (at) => !isHostname(beside(at, 'kind')),
    checkedBy: { unchecked: 'Services are seldom in the files' },
  },
  {
    kinds: routeKinds,
    patterns: backends.map((path) => fields(`${path}.port`)),
    form: portOf(backendHosts),
    role: 'reference',
    checkedBy: ['unknown-route-port'],
  },
];
