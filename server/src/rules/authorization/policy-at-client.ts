import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { couldBeAmbient, couldHaveSidecars, namespaceDataPlane } from '../../mesh/clients/data-plane.ts';
import { isExternal } from '../../mesh/hosts/target-ports.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';
import type { AuthorizationRule } from '../../model/specs.ts';
import { actionOf } from '../../eval/authz/evaluate.ts';
import { defineRule, type IsReported, type RuleFinding } from '../rule.ts';
import { relatedTo } from '../shared/resource-lists.ts';
import { bindingInputs } from '../shared/inputs.ts';
import { guardsGateway } from './guards-gateway.ts';

type Policy = Resource<'AuthorizationPolicy'>;
type Entry = Resource<'ServiceEntry'>;

export const policyAtClient = defineRule({
  id: 'policy-at-client',
  stage: 'authorization',
  summary:
    'A policy does not limit the calls that pods make: sidecars and ztunnel enforce policies only for calls that pods receive.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['AuthorizationPolicy'],
  inputs: [...bindingInputs, 'Pod', 'Workload', 'IstioGateway', 'VirtualService'],

  *check(policy, mesh, isReported) {
    yield* atZtunnel(policy, mesh, isReported);
    // istio@86c9f01 pilot/pkg/networking/plugin/authz/builder.go BuildHTTP; server/docs/istio-semantics-classic.md §H.1.
    if (!isForSidecars(mesh, policy)) return;
    const found = hostsOf(policy)
      .map((host) => ({ host, entries: entriesOutside(mesh, host.value) }))
      .find(({ entries }) => entries.length > 0);
    if (!found) return;
    const related = relatedTo(found.entries, (name) => `${name} is outside the mesh.`);
    const what = `This does not limit calls to ${found.host.value}`;
    yield couldHaveSidecars(mesh, policy.namespace)
      ? {
          at: found.host.span,
          message: `${what}: sidecars of namespace ${policy.namespace} enforce policies only for calls that their pods receive.`,
          related,
          data: {},
        }
      : {
          at: found.host.span,
          severity: 'information',
          message: `${what} unless pods of namespace ${policy.namespace} are egress gateways: policies count for calls that pods receive, and a waypoint needs \`targetRefs\`.`,
          related,
          data: {},
        };
  },
});

/** ztunnel asks policies about connections that its pods receive, and knows no host. istio@86c9f01 pilot/pkg/serviceregistry/ambient/authorization.go convertAuthorizationPolicy. */
function* atZtunnel(policy: Policy, mesh: Mesh, isReported: IsReported): Iterable<RuleFinding<object>> {
  const { namespace, spec } = policy;
  const isOfPods =
    spec.targetRefs.length === 0 &&
    namespace !== mesh.settings.rootNamespace &&
    !guardsGateway(policy) &&
    namespaceDataPlane(mesh, namespace).mode === 'ambient' &&
    (spec.selector !== undefined || mesh.inNamespace('Gateway', namespace).length === 0);
  if (!isOfPods || isReported(policy, ['policy-not-at-waypoint', 'policy-deny-has-no-effect'])) return;
  const found = hostsOf(policy)
    .map((host) => ({ host, entries: ownersOutside(mesh, host.value) }))
    .find(({ entries }) => entries.length > 0);
  if (!found) return;
  const allowsNone = actionOf(policy) === 'ALLOW' && (spec.rules ?? []).every((rule) => hostsOfRule(rule).length > 0);
  yield {
    at: found.host.span,
    message: `This does not limit calls to ${found.host.value}: ztunnel enforces policies of namespace ${namespace} only for connections that its pods receive${allowsNone ? ', and cannot see hosts, so this policy allows none of these' : ''}.`,
    related: relatedTo(found.entries, (name) => `${name} is outside the mesh.`),
    data: {},
  };
}

/** Not for gateways, which the root namespace and namespaces with Gateways may have. */
function isForSidecars(mesh: Mesh, policy: Policy): boolean {
  const { namespace, spec } = policy;
  return (
    spec.targetRefs.length === 0 &&
    namespace !== mesh.settings.rootNamespace &&
    !guardsGateway(policy) &&
    // Where no file describes the namespace, neither sidecars nor ztunnel enforce it for outgoing calls.
    !couldBeAmbient(mesh, namespace) &&
    (couldHaveSidecars(mesh, namespace) || isUndescribed(mesh, namespace)) &&
    mesh.inNamespace('Gateway', namespace).length === 0 &&
    (spec.selector !== undefined || mesh.inNamespace('IstioGateway', namespace).length === 0)
  );
}

function isUndescribed(mesh: Mesh, namespace: string): boolean {
  const plane = namespaceDataPlane(mesh, namespace);
  return plane.mode === 'unknown' && plane.because === 'not-described';
}

function hostsOf({ spec }: Policy): readonly Field<string>[] {
  return (spec.rules ?? []).flatMap(hostsOfRule);
}

function hostsOfRule({ to }: AuthorizationRule): readonly Field<string>[] {
  return to.flatMap(({ fields }) => fields.filter(({ name }) => name === 'hosts').flatMap(({ values }) => values));
}

/** What goes through a waypoint is the matter of `policy-not-at-waypoint`. */
function entriesOutside(mesh: Mesh, host: string): readonly Entry[] {
  const entries = ownersOutside(mesh, host);
  return entries.every((entry) => bindWaypoint(mesh, entry).state !== 'bound') ? entries : [];
}

/** None if anything in the mesh has the host, too. */
function ownersOutside(mesh: Mesh, host: string): readonly Entry[] {
  const owners = mesh.hostOwners(host.replace(/:[\d*]+$/, '')).map(({ resource }) => resource);
  const entries = owners.filter((owner) => owner.kind === 'ServiceEntry');
  return owners.length === entries.length && entries.every(isExternal) ? entries : [];
}
