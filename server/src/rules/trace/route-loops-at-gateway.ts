import { sameSpan } from '../../base/span.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule, type Change, type RuleFinding } from '../rule.ts';
import { traceInputs } from './declared-traces.ts';
import { tracesOfRoute, type RouteTrace } from './traces-of-route.ts';

interface Data {
  readonly kind: 'http' | 'tls' | 'tcp';
  readonly index: number;
}

export const routeLoopsAtGateway = defineRule({
  id: 'route-loops-at-gateway',
  stage: 'trace',
  summary: 'Requests loop at an egress gateway, because a rule that sends them there counts at the gateway too.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['VirtualService'],
  inputs: traceInputs,

  *check(service, mesh): Iterable<RuleFinding<Data>> {
    if (service.refused) return;
    const told = new Set<string>();
    for (const one of tracesOfRoute(mesh, service)) {
      const { trace, gateway, kind, index, leg, match, client } = one;
      const key = `${kind} ${index}`;
      if (client === 'ambient' || !isLoop(one) || told.has(key)) continue;
      told.add(key);
      const at = match?.span ?? leg.span;
      const what = trace.cause === 'gateway-loop' ? 'loop' : 'fail';
      const message = `Requests ${what} at egress gateway ${gateway.namespace}/${gateway.name}: this rule counts at sidecars and at the gateway, which sends them to itself.`;
      const finding = { at, message, data: { kind, index } };
      yield client === 'sidecar' ? finding : { ...finding, severity: 'information' };
    }
  },

  *fixes({ kind, index }, service) {
    const leg = service.spec[kind][index];
    if (!leg) return;
    yield {
      title: 'Apply this rule only at sidecars',
      safety: 'unsafe',
      changes: changesFor(service, kind, index, leg.matches),
    };
  },
});

/** The rule counts at the gateway, also where its subset is one that only sidecars have. */
function isLoop({ trace: { cause, gateway, steps }, leg }: RouteTrace): boolean {
  if (cause === 'gateway-loop') return true;
  const place = steps.findLast(({ outcome }) => outcome === 'no')?.evidence[0];
  return cause === 'no-destination' && gateway !== undefined && sameSpan(place?.span, leg.span);
}

/** Each match of the rule is for sidecars only. */
function changesFor(
  service: Resource<'VirtualService'>,
  kind: Data['kind'],
  index: number,
  matches: RouteTrace['leg']['matches'],
): readonly Change[] {
  const path = ['spec', kind, index, 'match'];
  if (matches.length === 0) return [{ op: 'set', in: service, path, value: [{ gateways: ['mesh'] }] }];
  return matches.map((_, i) => ({ op: 'set', in: service, path: [...path, i, 'gateways'], value: ['mesh'] }));
}
