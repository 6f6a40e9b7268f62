import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import { defineRule } from '../rule.ts';
import { doubledBlocks, type Doubled } from './faults/doubled.ts';
import { doubleTlsRepairs } from './repairs/double-tls-repairs.ts';
import { andMore } from '../../base/and-more.ts';
import { relatedPlaces } from '../shared/resource-lists.ts';
import { routeInputs, tlsInputs } from '../shared/inputs.ts';

export const doubleTls = defineRule({
  id: 'double-tls',
  stage: 'tls',
  summary: 'TLS is originated on a port on which clients already use TLS, so requests fail.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  isOfIstioWaypoints: true,
  inputs: [...tlsInputs, ...routeInputs],

  *check(rule, mesh) {
    for (const found of doubledBlocks(mesh, rule)) {
      const { block, ports } = found;
      const isCertain = knowsRoutes(mesh);
      yield {
        at: block.tls.mode!.span,
        message: `${messageOf(rule, found)}${isCertain ? '' : unlessRouted}.`,
        related: relatedPlaces(ports, ({ on, port }) => ({
          resource: on.entry,
          at: port.protocol!.span,
          message: `Clients use TLS on port ${port.number!.value} of ${on.host}.`,
        })),
        data: { path: [...block.path] },
        ...(found.isIntendedElsewhere || !isCertain ? { severity: 'information' as const } : {}),
      };
    }
  },

  *fixes({ path }, rule, mesh) {
    const found = doubledBlocks(mesh, rule).find(({ block }) => block.path.join() === path.join());
    if (found) yield* doubleTlsRepairs(mesh, rule, found);
  },
});

function messageOf(rule: Resource<'DestinationRule'>, { block, ports }: Doubled): string {
  const numbers = [...new Set(ports.map(({ port }) => port.number!.value))];
  const hosts = [...new Set(ports.map(({ on }) => on.host))];
  return `Requests to port ${andMore(numbers)} of ${andMore(hosts)} are encrypted twice and fail: clients use TLS, and ${describe(rule)} originates TLS (${block.tls.mode!.value}) again`;
}

/** Plain HTTP that a route sends to the port is what the TLS is for. */
function knowsRoutes(mesh: Mesh): boolean {
  return mesh.knows('VirtualService') && mesh.knows('HTTPRoute');
}

const unlessRouted = ', unless a route in other files sends plain HTTP to that port';
