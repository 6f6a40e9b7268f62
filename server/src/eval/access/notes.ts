// What a row of access takes for granted, and what of its client goes past the proxy that decides it.
import type { Mesh } from '../../mesh/mesh.ts';
import { protocolKind } from '../../names/protocols.ts';
import type { Step } from '../trace/step.ts';
import type { TraceEnd } from '../trace/trace.ts';
import type { AccessRow } from './row.ts';

export type Notes = Pick<AccessRow, 'assumed' | 'skips'>;

/** What a trace assumes: who is captured is assumed of all that no file describes. */
export function assumedIn(ends: readonly TraceEnd[]): Pick<Notes, 'assumed'> {
  const steps = ends.flatMap((end) => end.steps).filter((step) => step.assumed && !isOfAll(step));
  return steps.length > 0 ? { assumed: [...new Set(steps.map(({ message }) => message))] } : {};
}

/** How the client's pods join the mesh, and what its init containers do, which {@link skipsIn} says. */
function isOfAll({ stage, evidence, skips }: Step): boolean {
  return stage === 'capture' && (evidence.length === 0 || skips === true);
}

/** Where a proxy of the mesh decides. */
export function skipsIn({ steps }: TraceEnd): Pick<Notes, 'skips'> {
  const found = steps.filter(({ skips }) => skips).map(({ message }) => message);
  return found.length > 0 ? { skips: found } : {};
}

/** What any of them assumes or leaves out. */
export function notesOf(ways: readonly Notes[]): Notes {
  const ofAll = (notes: (way: Notes) => readonly string[] | undefined) => [
    ...new Set(ways.flatMap((way) => notes(way) ?? [])),
  ];
  const [assumed, skips] = [ofAll((way) => way.assumed), ofAll((way) => way.skips)];
  return { ...(assumed.length > 0 && { assumed }), ...(skips.length > 0 && { skips }) };
}

/** UDP to the host, as far as its entries list ports for it. istio@86c9f01 tools/istio-iptables/pkg/capture/run.go: of UDP only DNS is redirected. */
export function udpBeside(mesh: Mesh, host: string): readonly string[] {
  const ports = mesh
    .hostOwners(host)
    .flatMap(({ resource }) => (resource.kind === 'ServiceEntry' ? resource.spec.ports : []))
    .flatMap(({ number, protocol }) => (number && protocolKind(protocol?.value) === 'udp' ? [number.value] : []));
  return [...new Set(ports)].map(
    (port) => `UDP to port ${port}, such as QUIC (HTTP/3), goes direct: the mesh carries no UDP.`,
  );
}
