import { protocolKind } from '../../names/protocols.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { targetingInputs } from '../shared/inputs.ts';

type Entry = Resource<'ServiceEntry'>;

export const unlistedHttpsPort = defineRule({
  id: 'unlisted-https-port',
  stage: 'capture',
  summary:
    'Clients probably call a host by https, but port 443 is not listed, so these calls fail for all ambient clients.',
  severity: 'information',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  inputs: [...targetingInputs, 'Namespace', 'Gateway', 'GatewayClass', 'VirtualService'],

  *check(entry, mesh) {
    const { hosts, ports } = entry.spec;
    if (
      !hosts[0] ||
      ports.length === 0 ||
      !ports.every((port) => protocolKind(port.protocol?.value) === 'http' && port.number?.value !== 443)
    )
      return;
    if (bindWaypoint(mesh, entry).state !== 'bound' || !isIntendedForHttps(mesh, entry)) return;
    // ztunnel@62d8265 src/proxy/outbound.rs; istio@86c9f01 pilot/pkg/networking/core/listener_waypoint.go: no chain for the port (INFER).
    yield {
      at: ports[0]!.span,
      message: `Calls to https://${hosts[0].value} fail for every ambient client: port 443 is not listed.`,
      data: {},
    };
  },

  *fixes(_, entry) {
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
    entry.spec.hosts.some(({ value }) => mesh.virtualServices(value).some(({ spec }) => spec.tls.length > 0))
  );
}
