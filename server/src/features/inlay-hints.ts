// Behind a port of a ServiceEntry: what really leaves there. Only what is certain for every host of the entry.
import { overlaps, shift, type Span } from '../base/span.ts';
import { drained } from '../base/steps.ts';
import type { Workspace } from '../engine/workspace.ts';
import { entryFacts, type EntryFacts, type PortFacts } from './facts/service-entry.ts';

export interface InlayHintItem {
  /** In the file. */
  readonly offset: number;
  readonly label: string;
  /** The tooltip. */
  readonly tooltip: string;
}

export function inlayHintsIn(workspace: Workspace, uri: string, range: Span): readonly InlayHintItem[] {
  return drained(inlayHintsInSteps(workspace, uri, range));
}

/** The same with a step for each document. */
export function* inlayHintsInSteps(
  workspace: Workspace,
  uri: string,
  range: Span,
): Generator<undefined, readonly InlayHintItem[]> {
  const { mesh } = workspace;
  const found: InlayHintItem[] = [];
  for (const { record, start } of workspace.documents(uri)) {
    yield;
    for (const resource of record.resources)
      if (resource.kind === 'ServiceEntry' && !resource.refused && overlaps(shift(resource.at.whole, start), range))
        found.push(
          ...hintsOf(entryFacts(mesh, resource))
            .map((hint) => ({ ...hint, offset: hint.offset + start }))
            .filter(({ offset }) => range.start <= offset && offset <= range.end),
        );
  }
  return found;
}

function hintsOf(facts: EntryFacts): readonly InlayHintItem[] {
  const { entry, binding, hosts } = facts;
  // Without the waypoint, or through that of another ServiceEntry, other objects decide how the traffic leaves.
  if (binding.state !== 'bound' || hosts.some(({ address, rivals }) => address.state === 'none' || rivals.length > 0))
    return [];
  return entry.spec.ports.flatMap((port) => {
    const last = port.targetPort ?? port.number;
    const labels = new Set(hosts.map(({ ports }) => labelOf(ports.find((one) => one.port === port))));
    const [label] = labels;
    if (!last || labels.size !== 1 || label === undefined) return [];
    return [
      {
        offset: last.span.end,
        label,
        tooltip: `What waypoint ${binding.gateway.namespace}/${binding.gateway.name} sends to the host for this port.`,
      },
    ];
  });
}

function labelOf(facts: PortFacts | undefined): string | undefined {
  const [target, ...more] = facts?.targets ?? [];
  if (!facts?.tls || target === undefined || more.length > 0) return undefined;
  if (facts.tls.state === 'originated') return `→ ${facts.speaks === 'tls' ? 'TLS in TLS' : 'TLS'} :${target}`;
  return facts.tls.state === 'plain' && facts.speaks === 'http' ? `→ plain :${target}` : undefined;
}
