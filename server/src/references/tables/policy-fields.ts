// AuthorizationPolicy, Telemetry and BackendTLSPolicy: what they are attached to, and whom and what they name.
import { eachItem, fields } from '../field-pattern.ts';
import { account, principal } from '../forms/accounts.ts';
import type { Form } from '../forms/form.ts';
import { fullHostName, hostWithPort } from '../forms/hosts.ts';
import { objectRef, sourceNamespace, type RefForm, type TargetChoice } from '../forms/objects.ts';
import { portOf, sectionOfRef, targetHosts } from '../forms/ports.ts';
import { builtInProviders, provider } from '../forms/selectors.ts';
import type { ReferenceField } from '../reference-field.ts';
import { textAt, type FieldAt } from '../situation.ts';

const targets: readonly TargetChoice[] = [
  { group: 'networking.istio.io', kind: 'ServiceEntry' },
  { group: 'gateway.networking.k8s.io', kind: 'Gateway' },
  { group: '', kind: 'Service' },
  { group: 'gateway.networking.k8s.io', kind: 'GatewayClass' },
];
/** Of the own namespace, with kind and group written. */
const named: RefForm = { otherNamespaces: false, hasDefaults: false };
const sources = (field: string): readonly string[] => [`spec.rules[].from[].source.${field}[]`];
const operations = (field: string): readonly string[] => [`spec.rules[].to[].operation.${field}[]`];
const negated = (field: string): string => `not${field[0]!.toUpperCase()}${field.slice(1)}`;
const both = (paths: (field: string) => readonly string[], field: string): ReferenceField['patterns'] =>
  [...paths(field), ...paths(negated(field))].map(fields);
const excludesNothing = { unchecked: 'to exclude what is not there changes nothing' };

/** An account has its namespace in it. */
const accountRules = ['unknown-source-namespace', 'unknown-service-account'];

/** Values of a condition of `when` with this key. */
function condition(
  key: string,
  form: Form,
  checkedBy: ReferenceField['checkedBy'],
  lists: readonly string[] = ['values', 'notValues'],
): ReferenceField {
  return {
    kinds: ['AuthorizationPolicy'],
    patterns: lists.map((list) => [...fields('spec.rules[].when[]'), list, eachItem]),
    form,
    role: 'reference',
    applies: (at: FieldAt) => textAt(at.root, [...at.path.slice(0, -2), 'key']) === key,
    checkedBy,
  };
}

export const policyFields: readonly ReferenceField[] = [
  {
    kinds: ['AuthorizationPolicy', 'Telemetry'],
    patterns: [fields('spec.targetRefs[].name'), fields('spec.targetRef.name')],
    form: objectRef(targets, named),
    role: 'reference',
    checkedBy: ['unknown-policy-target'],
  },
  {
    kinds: ['ProxyExtension'],
    patterns: [fields('spec.targetRefs[].name'), fields('spec.targetRef.name')],
    form: objectRef(targets, named),
    role: 'reference',
    checkedBy: { unchecked: 'what the object changes in a proxy is not modelled' },
  },
  {
    kinds: ['BackendTLSPolicy'],
    patterns: [fields('spec.targetRefs[].name')],
    form: objectRef([targets[0]!, targets[2]!], named),
    role: 'reference',
    checkedBy: ['unknown-policy-target'],
  },
  {
    kinds: ['BackendTLSPolicy'],
    patterns: [fields('spec.targetRefs[].sectionName')],
    form: sectionOfRef({ group: '', kind: 'Service' }),
    role: 'reference',
    checkedBy: ['unknown-policy-target'],
  },
  {
    kinds: ['BackendTLSPolicy'],
    patterns: [fields('spec.validation.caCertificateRefs[].name')],
    form: objectRef([{ group: '', kind: 'ConfigMap' }], named),
    role: 'reference',
    checkedBy: ['unknown-credential'],
  },
  {
    kinds: ['AuthorizationPolicy'],
    patterns: both(sources, 'namespaces'),
    form: sourceNamespace,
    role: 'reference',
    checkedBy: ['unknown-source-namespace'],
  },
  {
    kinds: ['AuthorizationPolicy'],
    patterns: both(sources, 'serviceAccounts'),
    form: account,
    role: 'reference',
    checkedBy: accountRules,
  },
  {
    kinds: ['AuthorizationPolicy'],
    patterns: both(sources, 'principals'),
    form: principal,
    role: 'reference',
    checkedBy: accountRules,
  },
  {
    kinds: ['AuthorizationPolicy'],
    patterns: operations('hosts').map(fields),
    form: hostWithPort,
    role: 'reference',
    checkedBy: ['unknown-policy-host'],
  },
  {
    kinds: ['AuthorizationPolicy'],
    patterns: operations('notHosts').map(fields),
    form: hostWithPort,
    role: 'reference',
    checkedBy: excludesNothing,
  },
  {
    kinds: ['AuthorizationPolicy'],
    patterns: operations('ports').map(fields),
    form: portOf(targetHosts),
    role: 'reference',
    checkedBy: ['policy-never-matches'],
  },
  {
    kinds: ['AuthorizationPolicy'],
    patterns: operations('notPorts').map(fields),
    form: portOf(targetHosts),
    role: 'reference',
    checkedBy: excludesNothing,
  },
  condition('source.namespace', sourceNamespace, ['unknown-source-namespace']),
  condition('source.serviceAccount', account, accountRules),
  condition('source.principal', principal, accountRules),
  condition('connection.sni', fullHostName, { unchecked: 'a client may send any name' }),
  condition('destination.port', portOf(targetHosts), ['policy-never-matches'], ['values']),
  condition('destination.port', portOf(targetHosts), excludesNothing, ['notValues']),
  {
    kinds: ['AuthorizationPolicy'],
    patterns: [fields('spec.provider.name')],
    form: provider([]),
    role: 'reference',
    checkedBy: { unchecked: 'mesh settings are seldom in the files' },
  },
  {
    kinds: ['Telemetry'],
    patterns: ['accessLogging', 'metrics', 'tracing'].map((list) => fields(`spec.${list}[].providers[].name`)),
    form: provider(builtInProviders),
    role: 'reference',
    checkedBy: ['unknown-telemetry-provider'],
  },
];
