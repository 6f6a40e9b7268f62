// The ways of clients with sidecars in words, for hovers and lenses.
import { firstOfEach } from '../../base/first-of-each.ts';
import type { EgressGateway } from '../../mesh/clients/egress-gateway.ts';
import type { Resource } from '../../model/resource.ts';
import type { EgressGatewayFacts, LeadFacts } from './egress-gateway.ts';
import { counted, link, type Line, type Link, type Words } from './fact-wording.ts';
import { sayPolicies } from './say-policies.ts';
import type { SidecarWay } from './sidecar-ways.ts';

export function nameOfGateway({ namespace, name }: Pick<EgressGateway, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** The object of the files that shows the gateway best. */
export function linkedObject({ managed, service, gateways }: EgressGateway): Resource | undefined {
  return managed ?? service ?? gateways[0];
}

export function linkToGateway(gateway: EgressGateway): string | Link {
  const resource = linkedObject(gateway);
  return resource ? { text: nameOfGateway(gateway), resource, span: resource.at.name } : nameOfGateway(gateway);
}

/** A line for each gateway that a route names, and how requests fare. */
export function sayWays(ways: readonly SidecarWay[], of = ''): readonly Line[] {
  const alike = firstOfEach(ways, ({ port, route, gateway, end }) => `${port} ${gateway?.host} ${route?.id} ${end}`);
  return alike.flatMap((way) =>
    way.route && way.gateway
      ? [{ label: `Egress gateway${of}`, words: sayWay(way, way.gateway, link(way.route)) }]
      : [],
  );
}

function sayWay({ port, end, trace }: SidecarWay, gateway: EgressGateway, by: Link): Words {
  const start: Words = [linkToGateway(gateway), ` for port ${port}, by `, by];
  switch (end) {
    case 'through':
      return [...start, ', for clients with sidecars'];
    case 'past':
      return [...start, `, but requests go past it: ${trace.summary}`];
    case 'fails':
      return [...start, `, but requests fail: ${trace.summary}`];
    case 'unknown':
    case 'direct':
      return [...start, `, but it is not known whether requests get through: ${trace.summary}`];
  }
}

export function sayLead({ ways }: LeadFacts): readonly Line[] {
  return ways.flatMap(({ port, gateway, end, trace, ...way }) => {
    if (!gateway) return [];
    const sent = sayUpstream({ port, gateway, end, trace, ...way });
    const words =
      end === 'through' && sent
        ? ['clients with sidecars go ', ...sent]
        : [`${ends[end]} egress gateway `, linkToGateway(gateway), `: ${trace.summary}`];
    return [{ label: `Port ${port}`, words }];
  });
}

const ends: Readonly<Record<SidecarWay['end'], string>> = {
  through: 'clients with sidecars go through',
  past: 'clients with sidecars go past',
  direct: 'clients with sidecars go past',
  fails: 'requests fail on their way through',
  unknown: 'not known whether requests get through',
};

export function sayEgressGateway({ gateways }: EgressGatewayFacts): readonly Line[] {
  return gateways.flatMap(({ gateway, ...callers }) => [
    { label: 'Pods', words: ['of egress gateway ', linkToGateway(gateway)] },
    { label: 'Callers', words: sayPolicies(callers) },
  ]);
}

/** What leaves the gateway for the host. */
export function sayUpstream({ gateway, trace: { upstream } }: SidecarWay): Words | undefined {
  if (!gateway || !upstream) return undefined;
  const sent = upstream.tls ? `TLS ${upstream.tls.mode}` : spoken[upstream.protocol];
  return ['through egress gateway ', linkToGateway(gateway), `, which sends ${sent} to :${upstream.port}`];
}

const spoken = { http: 'plain HTTP', tcp: 'TCP', tls: "the client's own TLS" } as const;

/** For a lens; `all`: the ports of the entry. */
export function titleOfWays(ways: readonly SidecarWay[], all: readonly number[]): readonly string[] {
  return [
    ...ofEnd(ways, 'through', all, (names) => `via egress ${names}`),
    ...ofEnd(ways, 'past', all, (names) => `skips egress ${names}`),
    ...ofEnd(ways, 'fails', all, (names) => `requests fail on their way through egress ${names}`),
    ...ofEnd(ways, 'unknown', all, (names) => `egress ${names}: not known whether requests get through`),
  ];
}

function ofEnd(
  ways: readonly SidecarWay[],
  end: SidecarWay['end'],
  all: readonly number[],
  say: (names: string) => string,
): readonly string[] {
  const found = ways.filter((way) => way.end === end);
  const names = [...new Set(found.flatMap(({ gateway }) => (gateway ? [nameOfGateway(gateway)] : [])))];
  if (names.length === 0) return [];
  const ports = [...new Set(found.map(({ port }) => port))];
  const some = all.every((port) => ports.includes(port)) ? '' : ` (${ports.map((port) => `:${port}`).join(', ')})`;
  return [
    names.length === 1 ? `${say(`gateway ${names[0]}`)}${some}` : say(counted(names.length, 'gateway', 'gateways')),
  ];
}
