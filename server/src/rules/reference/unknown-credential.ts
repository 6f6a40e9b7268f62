import type { FieldPath } from '../../base/field-path.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { isTurnedOff } from '../../mesh/destination-rules/policies-of-host.ts';
import { ruleHost } from '../../mesh/destination-rules/rule-host.ts';
import { rootsOfPolicy } from '../../mesh/destination-rules/credential.ts';
import { rootsIn } from '../../mesh/destination-rules/secret-parts.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { serverCredentials } from '../../mesh/routes/server-credentials.ts';
import type { Field } from '../../model/field.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { tlsInputs } from '../shared/inputs.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { gatewayCredentials } from '../tls/applied/gateway-blocks.ts';
import { tlsBlocksOf } from '../tls/faults/faults-of-rule.ts';

interface Data {
  readonly path: FieldPath;
  readonly kind: 'Secret' | 'ConfigMap';
  readonly namespace: string;
  readonly name: string;
}

interface Missing {
  readonly field: Field<string>;
  readonly path: FieldPath;
  readonly namespace: string;
  readonly message: string;
  /** If it is no Secret. */
  readonly kind?: 'ConfigMap';
}

type Subject = AnyResource<'DestinationRule' | 'IstioGateway' | 'Gateway' | 'BackendTLSPolicy'>;

export const unknownCredential = defineRule({
  id: 'unknown-credential',
  stage: 'reference',
  summary:
    'Connections fail if the namespace of a waypoint or gateway has no Secret with the name in `credentialName`.',
  severity: 'information',
  since: '0.1.0',
  peers: ['IST0101'],
  subjects: ['DestinationRule', 'IstioGateway', 'Gateway', 'BackendTLSPolicy'],
  inputs: [...tlsInputs, 'IstioGateway', 'VirtualService', 'Secret', 'ConfigMap', 'Pod', 'Workload'],

  *check(
    subject: AnyResource<'DestinationRule' | 'IstioGateway' | 'Gateway' | 'BackendTLSPolicy'>,
    mesh,
  ): Iterable<RuleFinding<Data>> {
    for (const { field, path, namespace, message, kind = 'Secret' } of missingFor(mesh, subject))
      yield { at: field.span, message, data: { path: [...path], kind, namespace, name: field.value } };
  },

  *fixes({ path, kind, namespace, name }, subject, mesh) {
    const nearest = mesh.nearestName(kind, namespace, name);
    if (nearest !== undefined)
      yield {
        title: `Use ${kind} ${nearest}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: subject, path, value: nearest }],
      };
  },
});

function missingFor(mesh: Mesh, subject: Subject): Iterable<Missing> {
  switch (subject.kind) {
    case 'DestinationRule':
      return missingForRule(mesh, subject);
    case 'BackendTLSPolicy':
      return missingForPolicy(mesh, subject);
    default:
      return missingForServers(mesh, subject);
  }
}

function* missingForPolicy(mesh: Mesh, policy: Resource<'BackendTLSPolicy'>): Iterable<Missing> {
  const roots = isTurnedOff(mesh, policy) ? undefined : rootsOfPolicy(mesh, policy);
  if (roots?.present !== 'no') return;
  const { namespace } = policy;
  yield {
    field: roots.field,
    path: ['spec', 'validation', 'caCertificateRefs', 0, 'name'],
    kind: 'ConfigMap',
    namespace,
    message: `Requests to the hosts of the policy fail unless ${roots.name} exists: these files declare other ConfigMaps in ${namespace}, and not this one.`,
  };
}

function* missingForRule(mesh: Mesh, rule: Resource<'DestinationRule'>): Iterable<Missing> {
  const atWaypoints = [...missingAtWaypoints(mesh, rule)];
  yield* atWaypoints;
  for (const { block, field, pods, namespace, name } of gatewayCredentials(mesh, rule)) {
    if (namespace !== pods.namespace || atWaypoints.some((one) => one.field === field)) continue;
    // A Secret beside the rule is `credential-in-wrong-namespace`.
    if (!isMissing(mesh, namespace, name) || rootsIn(mesh, rule.namespace, name).secret) continue;
    yield {
      field,
      path: [...block.path, 'credentialName'],
      namespace,
      message: `Requests to the host fail at egress gateway ${pods.namespace}/${pods.name} unless Secret ${namespace}/${name} exists: these files declare other Secrets in ${namespace}, and not this one.`,
    };
  }
}

function* missingAtWaypoints(mesh: Mesh, rule: Resource<'DestinationRule'>): Iterable<Missing> {
  const namespaces = waypointNamespaces(mesh, rule);
  for (const { tls, path } of tlsBlocksOf(rule).filter((block) => block.path[1] === 'trafficPolicy')) {
    const field = tls.credentialName;
    const name = field?.value.replace(/^kubernetes:\/\//, '') ?? '';
    if (!field || name === '' || name.includes('/')) continue;
    const namespace = namespaces.find((one) => isMissing(mesh, one, name));
    // A Secret beside the rule is `credential-in-wrong-namespace`.
    if (namespace === undefined || rootsIn(mesh, rule.namespace, name).secret) continue;
    yield {
      field,
      path: [...path, 'credentialName'],
      namespace,
      message: `Requests to the host fail unless Secret ${namespace}/${name} exists: these files declare no such Secret in the waypoint's namespace.`,
    };
  }
}

/** Authorities alone may be in a Secret of their own. */
function isMissing(mesh: Mesh, namespace: string, name: string): boolean {
  const { secret, present } = rootsIn(mesh, namespace, name);
  return !secret && present === 'no';
}

function waypointNamespaces(mesh: Mesh, rule: Resource<'DestinationRule'>): string[] {
  const host = ruleHost(rule, mesh.settings.clusterDomain);
  return mesh.derivedOf(`waypoint namespaces of ${host}`, host, waypointNamespacesOfHost);
}

function waypointNamespacesOfHost(mesh: Mesh, host: string): string[] {
  const bindings = mesh.hostOwners(host).map(({ resource }) => bindWaypoint(mesh, resource));
  return [...new Set(bindings.flatMap((binding) => (binding.state === 'bound' ? [binding.gateway.namespace] : [])))];
}

function* missingForServers(mesh: Mesh, gateway: AnyResource<'IstioGateway' | 'Gateway'>): Iterable<Missing> {
  for (const { field, path, port, parts, isPlaceKnown } of serverCredentials(mesh, gateway)) {
    const lacking = parts.find(({ secret, present, isForRoots }) => !secret && present === 'no' && !isForRoots);
    if (!lacking) continue;
    const { namespace, names } = lacking;
    const where = isPlaceKnown ? '' : ", or in the namespace of the gateway's pods";
    yield {
      field,
      path,
      namespace,
      message: `TLS connections to port ${port} of ${describe(gateway)} fail unless Secret ${namespace}/${names.join(' or ')} exists${where}: these files declare other Secrets in ${namespace}, and not this one.`,
    };
  }
}
