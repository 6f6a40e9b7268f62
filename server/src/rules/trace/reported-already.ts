// Whether a rule that is more specific names what keeps a request from its host.
import { keptIn } from '../../base/kept-for.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { useWaypoint } from '../../model/label-names.ts';
import type { AnyResource, Resource } from '../../model/resource.ts';
import { patternsFor } from '../../names/hosts.ts';
import type { IsReported } from '../rule.ts';
import type { DeclaredTrace } from './declared-traces.ts';
import { isAboutClients } from './rules-by-cause.ts';

/**
 * Whether one of these rules, which are more specific, names the cause: on the entry, its Namespace or what the trace rests on. To be
 * made once for the traces of an entry: thousands ask the same of the same resources.
 */
export function reportedAlready(
  mesh: Mesh,
  entry: Resource<'ServiceEntry'>,
  isReported: IsReported,
): (one: DeclaredTrace, rules: readonly string[]) => boolean {
  // A label of its own goes before the Namespace's.
  const own = entry.labels.has(useWaypoint) ? [entry] : [entry, ...mesh.named('Namespace', '', entry.namespace)];
  const asked = new Map<readonly string[], Asked>();
  return ({ request: { host }, trace: { steps } }, rules) => {
    const { answers, aboutClients } = keptIn(asked, rules, () => ({
      answers: new Map<unknown, boolean>(),
      aboutClients: rules.filter(isAboutClients),
    }));
    if (keptIn(answers, entry, () => own.some((resource) => isReported(resource, rules)))) return true;
    if (keptIn(answers, host, () => isReportedAtRulesOf(mesh, host, rules, isReported))) return true;
    return steps.some(({ evidence }) =>
      evidence.some(({ resource }) =>
        keptIn(answers, resource === entry ? 'itself' : resource, () =>
          isReported(resource as AnyResource, isOfClient(entry, resource) ? aboutClients : rules),
        ),
      ),
    );
  };
}

interface Asked {
  /** By what was asked about. */
  readonly answers: Map<unknown, boolean>;
  readonly aboutClients: readonly string[];
}

/** An unused DestinationRule is not evidence, but another rule may report the fault there; nor is a route that leads to what is missing. */
function isReportedAtRulesOf(mesh: Mesh, host: string, rules: readonly string[], isReported: IsReported): boolean {
  return mesh.derivedInSteps(`reported at rules of ${host} ${rules.join()}`, function* (view) {
    for (const pattern of patternsFor(host))
      for (const rule of [...view.destinationRulesAnywhere(pattern), ...view.virtualServices(pattern)]) {
        if (isReported(rule, rules, view)) return true;
        yield undefined;
      }
    return false;
  });
}

/** The client's Namespace: its label for a waypoint is for the hosts of that namespace, and not for this one. */
function isOfClient(entry: Resource<'ServiceEntry'>, { kind, name }: Resource): boolean {
  return kind === 'Namespace' && name !== entry.namespace;
}
