// Subjects with what the mesh makes of their connections before any host is named.
import {
  dataPlanesToFollow,
  type KnownDataPlane,
  namespaceDataPlane,
  workloadDataPlane,
  workloadsIn,
} from '../../mesh/clients/data-plane.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { capturesDnsByDefault, dnsCaptureOff } from '../../mesh/clients/dns-capture.ts';
import { subjectsOf, type Subject } from './access-subjects.ts';

/** `named`: ztunnel takes the connection and knows the host by name. Others reach what they dial; a sidecar may refuse it. */
export type Mode = 'named' | 'open' | 'sidecar-open' | 'sidecar';

export interface Caller {
  readonly subject: Subject;
  /** Place in the list of all. */
  readonly order: number;
  /** Several where its workloads or manifests differ. */
  readonly modes: readonly Mode[];
}

/** In the order of their rows, `*` last. */
export function callersOf(mesh: Mesh): readonly Caller[] {
  return subjectsOf(mesh).map((subject, order) => ({ subject, order, modes: modesOf(mesh, subject) }));
}

/** Whether its answer is the same for every host. */
export function isUniform({ modes }: Caller): boolean {
  return !modes.includes('named');
}

function modesOf(mesh: Mesh, subject: Subject): readonly Mode[] {
  const names = capturesDnsByDefault(mesh) ? 'named' : 'open';
  if (subject === '*') return [names];
  const { namespace, serviceAccount } = subject;
  const workloads =
    serviceAccount === undefined
      ? []
      : workloadsIn(mesh, namespace).filter(({ spec }) => (spec.serviceAccount?.value ?? 'default') === serviceAccount);
  const modeOf = (plane: KnownDataPlane, captured: Mode): Mode => {
    if (plane.mode === 'sidecar') return sidecarMode(mesh, namespace);
    return plane.mode === 'ambient' ? captured : 'open';
  };
  const modes =
    workloads.length > 0
      ? workloads.flatMap((workload) =>
          dataPlanesToFollow(workloadDataPlane(mesh, workload)).map((plane) =>
            modeOf(plane, dnsCaptureOff(workload) ? 'open' : names),
          ),
        )
      : dataPlanesToFollow(namespaceDataPlane(mesh, namespace)).map((plane) => modeOf(plane, names));
  return [...new Set(modes)];
}

/** Sidecars use no waypoint; what they refuse is not worked out here. */
function sidecarMode(mesh: Mesh, namespace: string): Mode {
  const { outboundTrafficPolicy, rootNamespace } = mesh.settings;
  const isOpen =
    outboundTrafficPolicy === 'ALLOW_ANY' &&
    [namespace, rootNamespace].every((home) => mesh.inNamespace('Sidecar', home).length === 0);
  return isOpen ? 'sidecar-open' : 'sidecar';
}
