import { defineRule, type RuleFinding } from '../rule.ts';
import { requestText, traceInputs } from './declared-traces.ts';
import { mendFixes, mendOf, type MendData } from './mends.ts';
import { rulesFor } from './rules-by-cause.ts';
import { tracesOfRoute } from './traces-of-route.ts';

/** Whether they have sidecars, no file says. */
const isOpen: ReadonlySet<string> = new Set(['assumed', 'outside']);

export const gatewayRequestFails = defineRule({
  id: 'gateway-request-fails',
  stage: 'trace',
  summary: 'Requests that a VirtualService sends to an egress gateway fail, if the clients have sidecars.',
  severity: 'information',
  since: '0.2.0',
  subjects: ['VirtualService'],
  inputs: traceInputs,

  // Where files show sidecars, `request-fails` reports it at the ServiceEntry, as a warning.
  *check(service, mesh, isReported): Iterable<RuleFinding<MendData | null>> {
    if (service.refused) return;
    const told = new Set<number>();
    for (const { client, request, trace, gateway, match, leg } of tracesOfRoute(mesh, service)) {
      const rules = trace.cause && rulesFor[trace.cause];
      const at = match?.span ?? leg.span;
      if (!isOpen.has(client) || trace.verdict !== 'fails' || !rules || told.has(at.start)) continue;
      const places = [...trace.steps.flatMap(({ evidence }) => evidence.map(({ resource }) => resource)), service];
      if (places.some((one) => isReported(one as typeof service, [...rules, 'request-skips-gateway']))) continue;
      told.add(at.start);
      const step = trace.steps.findLast(({ outcome }) => outcome === 'no');
      const evidence = step?.evidence ?? [];
      const message = (step?.message ?? trace.summary).replace(/\.$/, '');
      yield {
        at,
        message: `If pods of ${service.namespace} have sidecars, ${requestText(request)} fails on its way through egress gateway ${gateway.namespace}/${gateway.name}: ${message}.`,
        related: evidence.map(({ resource, span }) => ({
          resource,
          at: span,
          message: 'This decides it.',
        })),
        data: mendOf(evidence),
      };
    }
  },

  *fixes(data, _, mesh) {
    yield* mendFixes(data, mesh);
  },
});
