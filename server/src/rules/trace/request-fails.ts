import { keptIn } from '../../base/kept-for.ts';
import { filterInSteps } from '../../base/steps.ts';
import { namespaceDataPlane } from '../../mesh/clients/data-plane.ts';
import type { Resource } from '../../model/resource.ts';
import { isRoutedInPlaintext } from '../../mesh/routes/rerouted.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isReportedAsTypo } from '../tls/faults/plaintext.ts';
import type { FailureCause } from '../../eval/trace/step.ts';
import { defineRule } from '../rule.ts';
import {
  declaredTraces,
  explanationOf,
  findingOf,
  firstOfEachPlace,
  requestText,
  traceInputs,
  tracesFromAssumedSidecars,
  tracesFromCutOff,
  type DeclaredTrace,
} from './declared-traces.ts';
import { mendFixes, mendOf } from './mends.ts';
import { reportedAlready } from './reported-already.ts';
import { rulesFor, rulesWithoutWaypoint } from './rules-by-cause.ts';

export const requestFails = defineRule({
  id: 'request-fails',
  stage: 'trace',
  summary: 'A request that a ServiceEntry declares fails on its way out of the mesh.',
  severity: 'warning',
  since: '0.2.0',
  subjects: ['ServiceEntry'],
  inputs: traceInputs,

  *check(entry, mesh, isReported) {
    const failing = [
      ...(yield* declaredTraces(mesh, entry, 'fails')),
      ...(yield* tracesFromAssumedSidecars(mesh, entry, 'fails')).filter(isOfEntry),
      ...(yield* tracesFromCutOff(mesh, entry, 'fails')).filter(isBlocked),
    ];
    const isTold = reportedAlready(mesh, entry, isReported);
    const isToldElsewhere = reportedElsewhere(mesh, entry);
    const unreported = yield* filterInSteps(failing, (one) => {
      const { cause, waypoint } = one.trace;
      const rules = cause && (waypoint ? rulesFor : rulesWithoutWaypoint)[cause];
      return rules !== undefined && !isTold(one, rules) && !isToldElsewhere(one);
    });
    const own = failing.filter(({ client }) => client.kind === 'own');
    for (const one of firstOfEachPlace(unreported)) {
      const status = one.trace.log?.status;
      const how = status === undefined ? 'fails' : `fails with ${status}`;
      const from = one.client.kind === 'other' ? ` from namespace ${one.request.from.namespace}` : '';
      const condition = one.isAssumed ? `If pods of ${entry.namespace} have sidecars, ` : '';
      const told = findingOf(
        entry,
        one,
        `${condition}${requestText(one.request)}${from} ${how}: ${explanationOf(one)}`,
      );
      const finding = { ...told, data: mendOf(one.step?.evidence ?? []) };
      yield isForFew(mesh, entry, one) || isBesides(one, own) || isForGateways(mesh, one)
        ? { ...finding, severity: 'information' }
        : finding;
    }
  },

  *fixes(data, _, mesh) {
    yield* mendFixes(data, mesh);
  },
});

/** Clients of another kind reach the host, or no file says that there are such clients. */
function isForFew(mesh: Mesh, entry: Resource<'ServiceEntry'>, one: DeclaredTrace): boolean {
  const { client, request, trace, isAssumed, worksForOthers } = one;
  // What namespaces do not import of others is their own decision.
  if (isAssumed || worksForOthers || (client.kind === 'other' && isBlocked(one))) return true;
  const isPlaintext = client.kind === 'other' && trace.cause === 'plaintext-to-tls';
  return isPlaintext && isForSomePods(mesh, request.host, entry.namespace);
}

/** A cause of other clients alone, where those of the entry's own namespace fail for one of their own. */
function isBesides({ client, trace: { cause } }: DeclaredTrace, own: readonly DeclaredTrace[]): boolean {
  return client.kind === 'other' && own.length > 0 && own.every((other) => other.trace.cause !== cause);
}

/** Causes that no namespace of a client and no rule there changes: an entry is unknown in its own namespace by a Sidecar resource alone. */
const hold: ReadonlySet<FailureCause> = new Set<FailureCause>([
  'no-endpoint',
  'no-destination',
  'server-first',
  'registry-only',
]);

function isBlocked({ trace }: DeclaredTrace): boolean {
  return trace.cause === 'registry-only';
}

/** What fails on its way through an egress gateway is `gateway-request-fails`. */
function isOfEntry({ trace: { cause, gateway } }: DeclaredTrace): boolean {
  return cause !== undefined && hold.has(cause) && !gateway;
}

/** A port that is listed for the cluster of an egress gateway, which originates the TLS: no client need call it. */
function isForGateways(mesh: Mesh, { request, trace: { cause } }: DeclaredTrace): boolean {
  return cause === 'double-tls' && isRoutedInPlaintext(mesh, request.port, request.host);
}

/** A misspelt rule is connected with the host by nothing but the likeness of the names. Paths of one host and port have one answer. */
function reportedElsewhere(mesh: Mesh, entry: Resource<'ServiceEntry'>): (one: DeclaredTrace) => boolean {
  const answers = new Map<string, boolean>();
  return ({ request: { host, port, from }, trace: { cause } }) =>
    cause === 'plaintext-to-tls' &&
    keptIn(
      answers,
      `${from.namespace} ${port} ${host}`,
      () => isReportedAsTypo(mesh, entry, port, host) || isForSomePods(mesh, host, from.namespace),
    );
}

/** A rule with a selector is applied by some sidecars of its namespace only: which pods call is in no declaration. */
function isForSomePods(mesh: Mesh, host: string, clients: string): boolean {
  return (
    namespaceDataPlane(mesh, clients).mode === 'sidecar' &&
    mesh
      .destinationRulesAnywhere(host)
      .some(({ spec, namespace }) => spec.workloadSelector !== undefined && namespace === clients)
  );
}
