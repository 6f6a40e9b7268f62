import type { Resource } from '../../model/resource.ts';
import { isExternal, tlsTargetOf } from '../../mesh/hosts/target-ports.ts';
import { defineRule } from '../rule.ts';
import {
  declaredTraces,
  findingOf,
  firstOfEachPlace,
  isToldAlready,
  requestText,
  traceInputs,
  type DeclaredTrace,
} from './declared-traces.ts';
import { rulesFor } from './told-causes.ts';

export const requestFails = defineRule({
  id: 'request-fails',
  stage: 'trace',
  summary: 'A request that a ServiceEntry declares fails on its way out of the mesh.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['ServiceEntry'],
  inputs: traceInputs,

  *check(entry, mesh, isTold) {
    const untold = declaredTraces(mesh, entry, 'fails').filter((one) => {
      const { cause } = one.trace;
      const rules = cause && rulesFor[cause];
      return rules && !isOfPlaintextRule(entry, one) && !isToldAlready(mesh, entry, one, rules, isTold);
    });
    for (const one of firstOfEachPlace(untold)) {
      const status = one.trace.log?.status;
      const how = status === undefined ? 'fails' : `fails with ${status}`;
      yield findingOf(entry, one, `${requestText(one.request)} ${how}: ${one.step.message}`);
    }
  },
});

/** `plaintext-to-tls-port` weighs every cause for the entry's own target ports, and leaves some to the rule that is at fault. */
function isOfPlaintextRule(entry: Resource<'ServiceEntry'>, { request, trace }: DeclaredTrace): boolean {
  const port = entry.spec.ports.find(({ number }) => number?.value === request.port);
  const isRouted = trace.steps.some(({ stage, outcome }) => stage === 'route' && outcome === 'yes');
  return (
    trace.cause === 'plaintext-to-tls' &&
    !isRouted &&
    port !== undefined &&
    isExternal(entry) &&
    tlsTargetOf(entry, port) !== undefined
  );
}
