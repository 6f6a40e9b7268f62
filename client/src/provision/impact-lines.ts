// The hosts whose path changes, as text with links to the files.
import type { CallOutcome, WaypointImpactResult } from '../../../server/src/lsp/protocol/egress.ts';
import { placeOf, type Lines } from '../documents/answer.ts';
import { verdicts } from '../documents/trace.ts';

export function impactLines(impact: WaypointImpactResult | undefined): Lines {
  return [
    ['Hosts whose path changes (from files)'],
    ...pathLines(impact),
    [],
    ['Clients whose requests change (from files)'],
    ...callLines(impact),
  ];
}

function pathLines(impact: WaypointImpactResult | undefined): Lines {
  if (!impact) return [['  Unknown: the language server does not answer.']];
  if (impact.bindings.length === 0) return [['  No ServiceEntry or Service in the files.']];
  return impact.bindings.map(({ at, before, after }) => [
    `  ${nameOf(at.resource)}  ${path(before)} → ${path(after)}  `,
    placeOf(at),
  ]);
}

function callLines(impact: WaypointImpactResult | undefined): Lines {
  if (!impact || impact.calls.length === 0)
    return [[`  ${impact ? 'None of the workloads in the files.' : 'Unknown.'}`]];
  const lines = impact.calls.map(({ from, url, before, after }) => [
    `  ${from}  GET ${url}  ${outcome(before)} → ${outcome(after)}`,
  ]);
  return impact.isShort ? [...lines, ['  The list is not complete: there are too many hosts and clients.']] : lines;
}

/** One sentence for a dialog. */
export function impactSummary(impact: WaypointImpactResult | undefined): string {
  if (!impact) return 'It is unknown which hosts change their path.';
  if (impact.bindings.length === 0) return 'No host in the files changes its path.';
  const hosts = impact.bindings
    .slice(0, 3)
    .map(({ at }) => nameOf(at.resource))
    .join(', ');
  const more = impact.bindings.length > 3 ? ` and ${impact.bindings.length - 3} more` : '';
  const callers = new Set(impact.calls.map(({ from }) => from)).size;
  return `Path changes for: ${hosts}${more}. Workloads whose requests change: ${callers}.`;
}

function nameOf(resource: WaypointImpactResult['bindings'][number]['at']['resource']): string {
  return resource ? `${resource.kind} ${resource.namespace}/${resource.name}` : '';
}

function path(name: string): string {
  if (name === 'direct') return 'direct';
  return name === 'unknown' ? 'unknown' : `via ${name}`;
}

function outcome({ verdict, via }: CallOutcome): string {
  return `${verdicts[verdict]} (${path(via)})`;
}
