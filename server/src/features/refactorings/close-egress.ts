// A NetworkPolicy for clients of a waypoint or an egress gateway, so that they reach hosts outside only through it.
import { policiesAt } from '../../eval/authz/attached-policies.ts';
import { isEditable } from '../../engine/draft.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import { egressGatewaysOf } from '../../mesh/clients/gateways-of-pods.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isForMesh } from '../../mesh/routes/virtual-service-entries.ts';
import { gatewayName } from '../../model/label-names.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import { limitsEgress, opensInternet } from '../../rules/shared/limits-egress.ts';
import { clientsNamed } from '../../rules/shared/named-clients.ts';
import { entriesBehind } from '../../rules/shared/waypoint-objects.ts';
import { insideOnly } from '../../rules/shared/written-manifests.ts';
import type { Refactoring } from './refactoring.ts';

const mostOffered = 5;

export const closeEgress: Refactoring = {
  kind: 'refactor.rewrite',

  *offers(subject, { mesh }) {
    if (!isEditable(subject.uri)) return;
    // Policies add up, so one more closes nothing where another allows any address.
    const open = [...new Set(clientsOf(mesh, subject))].filter(
      (namespace) => !limitsEgress(mesh, namespace) && !opensInternet(mesh, namespace),
    );
    for (const namespace of open.slice(0, mostOffered))
      yield {
        title: `Let pods of ${namespace} out only through the gateway (NetworkPolicy)`,
        perform: (draft) =>
          draft.apply([
            {
              op: 'create-file',
              beside: subject,
              fileName: `${namespace}-egress.yaml`,
              manifest: insideOnly(namespace, ownPods(mesh, subject, namespace)),
            },
          ])
            ? []
            : undefined,
      };
  },
};

/** The label of the gateway's own pods there, which go out themselves. */
function ownPods(mesh: Mesh, subject: AnyResource, namespace: string): readonly [string, string] | undefined {
  if (subject.kind === 'Gateway' && subject.namespace === namespace) return [gatewayName, subject.name];
  if (subject.kind !== 'IstioGateway') return undefined;
  const isHome = egressGatewaysOf(mesh, subject).some((one) => one.namespace === namespace);
  return isHome ? [...subject.spec.selector][0] : undefined;
}

/** The namespaces of clients that policies name, or whose routes lead there. */
function clientsOf(mesh: Mesh, subject: AnyResource): readonly string[] {
  if (subject.kind === 'IstioGateway') return clientsOfGateway(mesh, subject);
  if (subject.kind !== 'Gateway' || isWaypointClass(subject, mesh.settings) !== true) return [];
  const policies = entriesBehind(mesh, subject).flatMap((entry) => policiesAt(mesh, subject, entry));
  return policies.flatMap((policy) => clientsNamed(policy).map(({ namespace }) => namespace));
}

function clientsOfGateway(mesh: Mesh, gateway: Resource<'IstioGateway'>): readonly string[] {
  return egressGatewaysOf(mesh, gateway)
    .flatMap(({ host }) => mesh.virtualServicesRoutingTo(host))
    .filter(({ spec }) => isForMesh(spec.gateways))
    .map(({ namespace }) => namespace);
}
