import { hasPortNumber } from '../../mesh/hosts/owners-at-proxy.ts';
import { patternsFor, normalizeHost } from '../../names/hosts.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule, type Fix, type RuleFinding } from '../rule.ts';
import { blockingNamespace } from '../shared/blocking-sidecars.ts';
import { routeInputs, tlsInputs } from '../shared/inputs.ts';

type Entry = Resource<'ServiceEntry'>;

export const unlistedHttpsPort = defineRule({
  id: 'unlisted-https-port',
  stage: 'capture',
  summary:
    'Clients probably call a host by https, but port 443 is not listed, so these calls fail for ambient clients, or sidecars block them.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: [...tlsInputs, ...routeInputs, 'Sidecar', 'Pod', 'Workload'],

  *check(entry, mesh): Iterable<RuleFinding<object>> {
    const { hosts, ports } = entry.spec;
    if (
      !hosts[0] ||
      ports.length === 0 ||
      !ports.every((port) => protocolKind(port.protocol?.value) === 'http' && port.number?.value !== 443)
    )
      return;
    const { state } = bindWaypoint(mesh, entry);
    if (state === 'unbound') yield* blockedBySidecars(mesh, entry);
    if (state !== 'bound' || !isIntendedForHttps(mesh, entry)) return;
    // ztunnel@62d8265 src/proxy/outbound.rs; istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go: no chain for the port (INFER).
    yield {
      at: ports[0]!.span,
      message: `Calls to https://${hosts[0].value} fail for every ambient client: port 443 is not listed.`,
      data: {},
    };
  },

  *fixes(_, entry): Iterable<Fix> {
    if (entry.spec.ports.some(({ name }) => name?.value === 'tls')) return;
    yield {
      title: 'Add port 443 for clients that use TLS',
      safety: 'unsafe',
      changes: [
        { op: 'append', in: entry, path: ['spec', 'ports'], value: { number: 443, name: 'tls', protocol: 'TLS' } },
      ],
    };
  },
});

/** TLS to a port that no entry has is unknown traffic. server/docs/istio-semantics-classic.md §C.40, §L.53. */
function* blockedBySidecars(mesh: Mesh, entry: Entry): Iterable<RuleFinding<object>> {
  const [host] = entry.spec.hosts;
  if (!host || leadsToHttps(mesh, entry, host.value)) return;
  const blocking = blockingNamespace(mesh, entry);
  if (blocking === undefined) return;
  yield {
    at: entry.spec.ports[0]!.span,
    message: `Sidecars of namespace ${blocking} block calls to https://${host.value}: port 443 is not listed, and they block what the mesh does not know (REGISTRY_ONLY).`,
    data: {},
  };
}

/** Another entry has the port, or plain HTTP becomes TLS on the way. */
function leadsToHttps(mesh: Mesh, entry: Entry, host: string): boolean {
  return (
    patternsFor(host).some((pattern) => ownersWithHttps(mesh, pattern).some((id) => id !== entry.id)) ||
    entry.spec.ports.some(({ targetPort }) => targetPort?.value === 443) ||
    patternsFor(host).some((pattern) => mesh.destinationRulesAnywhere(pattern).length > 0) ||
    mesh.virtualServices(host).length > 0 ||
    mesh.routesTo('ServiceEntry', entry.namespace, entry.name).length > 0
  );
}

/** The first two that list port 443: entries of one host share the answer. */
function ownersWithHttps(mesh: Mesh, host: string): readonly number[] {
  return mesh.derived(`first owners of ${host} with port 443`, (view) =>
    view
      .hostOwners(host)
      .filter(({ resource }) => hasPortNumber(resource, 443))
      .slice(0, 2)
      .map(({ resource }) => resource.id),
  );
}

/** Plain HTTP that the waypoint turns into TLS is a good way to leave the mesh: only a route or policy for TLS shows that clients speak it. */
function isIntendedForHttps(mesh: Mesh, entry: Entry): boolean {
  const policies = mesh
    .targeting('ServiceEntry', entry.namespace, entry.name)
    .flatMap((one) => (one.kind === 'AuthorizationPolicy' ? [one] : []));
  const targets = entry.spec.ports.map(({ targetPort }) => targetPort?.value);
  const named = policies.some(({ spec }) =>
    spec.rules?.some(({ to }) =>
      to.some(({ fields }) =>
        fields.some(({ name, values }) => name === 'ports' && values.some(({ value }) => value === '443')),
      ),
    ),
  );
  return (
    (named && !targets.includes(443)) ||
    entry.spec.hosts.some(({ value }) =>
      mesh.derived(`has routes for TLS ${normalizeHost(value)}`, (view) =>
        view.virtualServices(value).some(({ spec }) => spec.tls.length > 0),
      ),
    )
  );
}
