import { gatewaysClashing, serversClash } from '../../mesh/routes/clashing-servers.ts';
import { selectsSamePods, type Server } from '../../mesh/routes/gateway-servers.ts';
import { egressGatewaysOf } from '../../mesh/clients/gateways-of-pods.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { choiceBySidecars } from '../../mesh/hosts/choice-by-sidecars.ts';
import { areSeenTogether, visibilityOf } from '../../mesh/hosts/visibility.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { isIntendedForAmbient } from '../shared/intent.ts';
import { firstBefore } from '../shared/entries-of-host.ts';
import { bindingInputs } from '../shared/inputs.ts';
import { portConflict } from '../shared/port-conflict.ts';
import { defineRule, type RuleFinding } from '../rule.ts';

type Entry = Resource<'ServiceEntry'>;
type Gateway = Resource<'IstioGateway'>;
type Found = Iterable<RuleFinding<object>>;

export const conflictingPortProtocol = defineRule({
  id: 'conflicting-port-protocol',
  stage: 'capture',
  summary:
    'Two ServiceEntries or two Gateways declare the same port with incompatible protocols, so only one of them works.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0177', 'KIA1212', 'IST0145', 'KIA0301'],
  subjects: ['ServiceEntry', 'IstioGateway'],
  inputs: [...bindingInputs, 'IstioGateway', 'VirtualService', 'Pod', 'Workload'],

  *check(subject: AnyResource<'ServiceEntry' | 'IstioGateway'>, mesh): Found {
    if (subject.kind === 'IstioGateway') yield* clashes(mesh, subject);
    else yield* conflicts(mesh, subject);
  },
});

/** Of a pair the later reports. */
function* conflicts(mesh: Mesh, entry: Entry): Found {
  for (const host of entry.spec.hosts) {
    const other = firstBefore(
      mesh,
      entry,
      host.value,
      (one) => portConflict(entry, one) !== undefined && meet(mesh, entry, one),
    );
    const conflict = other && portConflict(entry, other);
    if (conflict) {
      yield {
        at: conflict.own.protocol!.span,
        message: `Only one protocol is used for port ${conflict.own.number!.value} of ${host.value}: ${describe(other)} declares it as ${conflict.its.protocol!.value}, and ${outcome(mesh, entry, other)}.`,
        related: [{ resource: other, at: conflict.its.protocol!.span, message: 'The port is also declared here.' }],
        data: {},
      };
      return;
    }
  }
}

/** istio@86c9f01 pilot/pkg/serviceregistry/kube/controller/ambient/services.go selectWorkloadServices; ztunnel@62d8265 src/state/service.rs find_best_match. */
function outcome(mesh: Mesh, entry: Entry, other: Entry): string {
  if (!isIntendedForAmbient(mesh, entry) && !isIntendedForAmbient(mesh, other))
    return 'the ServiceEntry that was created first wins';
  return entry.namespace === other.namespace
    ? 'in ambient mode the ServiceEntry that was created first wins'
    : 'in ambient mode the namespace of the client decides';
}

/** Pods of a gateway read the Gateways of every namespace. Of a pair the later reports. */
function* clashes(mesh: Mesh, gateway: Gateway): Found {
  const apart = elsewhere(mesh, gateway);
  for (const server of gateway.spec.servers) {
    const clashing = ({ spec }: Gateway) => spec.servers.some((one) => serversClash(server, one));
    const other = besideBefore(mesh, gateway, server) ?? apart.find(clashing);
    const its = other?.spec.servers.find((one) => serversClash(server, one));
    if (!other || !its) continue;
    yield {
      at: server.span,
      message: `Istio drops the newer of two servers on port ${server.port} of the same pods: ${describe(other)} has ${asText(its)}.`,
      related: [{ resource: other, at: its.span, message: 'This is the other server.' }],
      data: {},
    };
    return;
  }
}

function besideBefore(mesh: Mesh, gateway: Gateway, server: Server): Gateway | undefined {
  const found = gatewaysClashing(mesh, gateway.namespace, server);
  return found.find((other) => other.name < gateway.name && selectsSamePods(gateway, other));
}

/** More are not compared with Gateways of other namespaces. */
const mostCompared = 20;

/**
 * Files of several clusters can lie in one folder, each with Gateways for pods of the same labels: those of another namespace
 * count only where routes of sidecars lead to one egress gateway that has both.
 */
function elsewhere(mesh: Mesh, gateway: Gateway): readonly Gateway[] {
  if (isShared(mesh, gateway.spec.selector)) return [];
  const together = new Set(egressGatewaysOf(mesh, gateway).flatMap(({ gateways }) => gateways));
  return [...together].filter(({ namespace }) => namespace < gateway.namespace);
}

function isShared(mesh: Mesh, selector: ReadonlyMap<string, string>): boolean {
  return mesh.derived(
    `more than ${mostCompared} gateways for ${JSON.stringify([...selector])}`,
    (view) => view.gatewaysSelecting(selector).length > mostCompared,
  );
}

function asText({ protocol, hosts }: Server): string {
  return `${protocol?.value ?? 'a server'} for ${hosts.map(({ value }) => value).join(', ')}`;
}

/** Whether some client sees both. Ambient clients see all that is public. */
function meet(mesh: Mesh, a: Entry, b: Entry): boolean {
  const ambient = [a, b].filter((entry) => isIntendedForAmbient(mesh, entry)).length;
  if (a.namespace === b.namespace) return ambient > 0 || areSeenTogether(mesh, a, b);
  if (ambient === 2) return [a, b].every(({ namespace }) => visibilityOf(mesh, namespace) === 'PUBLIC');
  return ambient === 0 && ageDecides(mesh, a, b);
}

/** Elsewhere each namespace with sidecars has one of both, and that one has one protocol. */
function ageDecides(mesh: Mesh, a: Entry, b: Entry): boolean {
  const { named, elsewhere } = choiceBySidecars(mesh, a, b);
  return elsewhere === 'oldest' || [...named.values()].includes('oldest');
}
