import { mapInSteps } from '../../base/steps.ts';
import { mostRelated } from '../../base/and-more.ts';
import { policiesAt, policiesNaming } from '../../eval/authz/attached-policies.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import { policiesAtPods } from '../../eval/authz/gateway-policies.ts';
import { egressGatewayOf, type EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import { egressGatewaysOf } from '../../mesh/clients/gateways-of-pods.ts';
import { hostOfGateway, isManaged } from '../../mesh/clients/managed-gateway.ts';
import { gatewayName } from '../../model/label-names.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { entriesAt } from '../authorization/reach.ts';
import { insideOnly } from '../shared/written-manifests.ts';
import { limitsEgress, opensInternet } from '../shared/limits-egress.ts';
import { clientsNamed } from '../shared/named-clients.ts';
import { routesToEgressGateway } from '../shared/routes-to-egress-gateway.ts';
import { defineRule, type Related, type RuleFinding } from '../rule.ts';
import { bindingInputs, routeInputs, targetingInputs } from '../shared/inputs.ts';

interface Data {
  readonly namespaces: readonly string[];
  /** Of the gateway's pods, which must get out, and one of their labels. */
  readonly home: string;
  readonly label: readonly [string, string];
}

export const egressOpen = defineRule({
  id: 'egress-open',
  stage: 'leak',
  summary:
    'Policies protect a waypoint or an egress gateway, but nothing stops the clients that they name from connecting directly.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['Gateway', 'IstioGateway'],
  inputs: [
    ...bindingInputs,
    ...targetingInputs,
    'NetworkPolicy',
    ...routeInputs,
    'IstioGateway',
    'Service',
    'Pod',
    'Workload',
  ],

  *check(gateway: AnyResource<'Gateway' | 'IstioGateway'>, mesh): Iterable<RuleFinding<Data>> {
    if (gateway.kind === 'IstioGateway') {
      yield* atEgressGateway(mesh, gateway);
      return;
    }
    if (isManaged(mesh, gateway)) {
      const pods = egressGatewayOf(mesh, hostOfGateway(mesh, gateway), undefined);
      if (pods && routesToEgressGateway(mesh, gateway).length > 0) yield* atPods(mesh, gateway, pods);
      return;
    }
    if (isWaypointClass(gateway, mesh.settings) !== true) return;
    const namedBy = clientsOfPolicies(mesh, gateway);
    const open = [...namedBy.keys()].filter((namespace) => isOpen(mesh, namespace));
    const policy = namedBy.get(open[0] ?? '');
    if (!policy) return;
    // A waypoint sees what is sent to it: an address that a pod knows by other means is dialled directly. istio.io: Ambient mode, Egress.
    yield {
      at: gateway.at.name,
      message: `Pods of ${namesOf(open)} can skip ${describe(gateway)} and its policies: ${whyOpen(mesh, open)}.`,
      related: [
        { resource: policy, at: policy.at.name, message: `${describe(policy)} names them as clients.` },
        ...openedBy(mesh, open),
      ],
      data: { namespaces: unlimited(mesh, open), home: gateway.namespace, label: [gatewayName, gateway.name] },
    };
  },

  *fixes({ namespaces, home, label }, gateway) {
    for (const namespace of namespaces)
      yield {
        title: `Keep pods of ${namespace} inside the cluster`,
        safety: 'unsafe',
        changes: [
          {
            op: 'create-file',
            beside: gateway,
            fileName: `${namespace}-egress.yaml`,
            manifest: insideOnly(namespace, namespace === home ? label : undefined),
          },
        ],
      };
  },
});

function namesOf(namespaces: readonly string[]): string {
  const shown = namespaces.slice(0, mostRelated).join(', ');
  return namespaces.length > mostRelated ? `${shown} and ${namespaces.length - mostRelated} more` : shown;
}

/** Client namespaces that policies of the waypoint name, each with the first policy that does. */
function clientsOfPolicies(
  mesh: Mesh,
  gateway: Resource<'Gateway'>,
): ReadonlyMap<string, Resource<'AuthorizationPolicy'>> {
  return mesh.derivedInSteps(`clients named at ${gateway.id}`, function* (view) {
    const found = new Map<string, Resource<'AuthorizationPolicy'>>();
    const [first, ...others] = entriesAt(view, gateway);
    const ofOthers = yield* mapInSteps(others, (entry) => policiesNaming(view, entry));
    for (const policy of first ? [...policiesAt(view, gateway, first), ...ofOthers.flat()] : [])
      for (const { namespace } of clientsNamed(policy)) if (!found.has(namespace)) found.set(namespace, policy);
    return found;
  });
}

function* atEgressGateway(mesh: Mesh, gateway: Resource<'IstioGateway'>): Iterable<RuleFinding<Data>> {
  for (const pods of egressGatewaysOf(mesh, gateway)) yield* atPods(mesh, gateway, pods);
}

/** Sidecars do not keep pods from connecting directly. server/docs/istio-semantics-classic.md §H.18. */
function* atPods(
  mesh: Mesh,
  gateway: AnyResource<'Gateway' | 'IstioGateway'>,
  pods: EgressGateway,
): Iterable<RuleFinding<Data>> {
  const { first, namespaces } = openAt(mesh, pods);
  if (!first) return;
  yield {
    at: gateway.at.name,
    message: `Pods of ${namesOf(namespaces)} can skip egress gateway ${pods.namespace}/${pods.name} and its policies: ${whyOpen(mesh, namespaces)}.`,
    related: [
      {
        resource: first.policy,
        at: first.policy.at.name,
        message: `${describe(first.policy)} names them as clients.`,
      },
      ...openedBy(mesh, namespaces),
    ],
    data: { namespaces: unlimited(mesh, namespaces), home: pods.namespace, label: labelOf(gateway, pods) },
  };
}

interface OpenAtPods {
  readonly first: { readonly policy: Resource<'AuthorizationPolicy'>; readonly namespace: string } | undefined;
  /** Clients that policies of the pods name, of namespaces that nothing closes. */
  readonly namespaces: readonly string[];
}

/** Found once for all Gateways of the pods. */
function openAt(mesh: Mesh, { host, service }: EgressGateway): OpenAtPods {
  return mesh.derived(`clients that skip egress gateway ${host} ${service?.id ?? ''}`, (view): OpenAtPods => {
    const pods = egressGatewayOf(view, host, service);
    const policies = pods ? policiesAtPods(view, pods).policies : [];
    const own = policies.filter(({ spec }) => spec.selector !== undefined || spec.targetRefs.length > 0);
    const clients = own.flatMap((policy) => clientsNamed(policy).map(({ namespace }) => ({ policy, namespace })));
    const open = clients.filter(({ namespace }) => isOpen(view, namespace));
    return { first: open[0], namespaces: [...new Set(open.map(({ namespace }) => namespace))] };
  });
}

function labelOf(
  gateway: AnyResource<'Gateway' | 'IstioGateway'>,
  { labels }: EgressGateway,
): readonly [string, string] {
  const own = gateway.kind === 'IstioGateway' ? ([...gateway.spec.selector][0] ?? [...labels][0]) : undefined;
  return own ?? [gatewayName, gateway.name];
}

function whyOpen(mesh: Mesh, namespaces: readonly string[]): string {
  const [opened] = namespaces.flatMap((namespace) => opensInternet(mesh, namespace) ?? []);
  return opened && unlimited(mesh, namespaces).length === 0
    ? `${describe(opened)} lets them connect to any address`
    : 'no NetworkPolicy limits where they connect to';
}

function openedBy(mesh: Mesh, namespaces: readonly string[]): readonly Related[] {
  return namespaces
    .flatMap((namespace) => opensInternet(mesh, namespace) ?? [])
    .map((policy) => ({ resource: policy, at: policy.at.name, message: 'This policy allows any address.' }));
}

/** Where one more NetworkPolicy closes the way. */
function unlimited(mesh: Mesh, namespaces: readonly string[]): readonly string[] {
  return namespaces.filter((namespace) => !opensInternet(mesh, namespace));
}

/** Only where NetworkPolicies of the namespace are among the manifests. */
function isOpen(mesh: Mesh, namespace: string): boolean {
  return mesh.knows('NetworkPolicy', namespace) && !limitsEgress(mesh, namespace);
}
