// Subjects with what the mesh makes of their connections before any host is named.
import {
  dataPlanesToFollow,
  type KnownDataPlane,
  namespaceDataPlane,
  workloadDataPlane,
  workloadsByAccount,
  type Workload,
} from '../../mesh/clients/data-plane.ts';
import type { ProxyExtension } from '../../mesh/binding/extensions-of-pods.ts';
import { extensionsAtSidecar } from '../../mesh/binding/proxy-extensions.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { capturesDnsByDefault, dnsCaptureOff } from '../../mesh/clients/dns-capture.ts';
import { isForMesh } from '../../mesh/routes/virtual-service-entries.ts';
import { subjectsOf, type Subject } from './access-subjects.ts';

/** `named`: ztunnel takes the connection and knows the host by name. Others reach what they dial; a sidecar may refuse it. */
type Mode = 'named' | 'open' | 'sidecar-open' | 'sidecar';

export interface Caller {
  readonly subject: Subject;
  /** Place in the list of all. */
  readonly order: number;
  /** Several where its workloads or manifests differ. */
  readonly modes: readonly Mode[];
  /** What may change its sidecars in ways that are not followed. */
  readonly extensions: readonly ProxyExtension[];
}

/** In the order of their rows, `*` last. In a large mesh there are tens of thousands, so they are found once for each version of it. */
export function callersOf(mesh: Mesh): readonly Caller[] {
  return mesh.derived('callers', foundCallers);
}

function foundCallers(mesh: Mesh): readonly Caller[] {
  const hasRoutes = mesh.all('VirtualService').some(({ spec }) => isForMesh(spec.gateways));
  return subjectsOf(mesh).map((subject, order) => {
    const ways = waysOut(mesh, subject, hasRoutes);
    return {
      subject,
      order,
      modes: [...new Set(ways.map(({ mode }) => mode))],
      extensions: [...new Set(ways.flatMap(({ extensions = [] }) => extensions))],
    };
  });
}

/** Whether its answer is the same for every host. */
export function isUniform({ modes }: Caller): boolean {
  return !modes.includes('named');
}

interface WayOut {
  readonly mode: Mode;
  readonly extensions?: readonly ProxyExtension[];
}

function waysOut(mesh: Mesh, subject: Subject, hasRoutes: boolean): readonly WayOut[] {
  const names = capturesDnsByDefault(mesh) ? 'named' : 'open';
  if (subject === '*') return [{ mode: names }];
  const { namespace, serviceAccount } = subject;
  const workloads = serviceAccount === undefined ? [] : (workloadsByAccount(mesh, namespace).get(serviceAccount) ?? []);
  const wayOf = (plane: KnownDataPlane, captured: Mode, workload?: Workload): WayOut => {
    if (plane.mode === 'sidecar') return throughSidecar(mesh, subject, { workload, hasRoutes });
    return { mode: plane.mode === 'ambient' ? captured : 'open' };
  };
  return workloads.length > 0
    ? workloads.flatMap((workload) =>
        dataPlanesToFollow(workloadDataPlane(mesh, workload)).map((plane) =>
          wayOf(plane, dnsCaptureOff(workload) ? 'open' : names, workload),
        ),
      )
    : dataPlanesToFollow(namespaceDataPlane(mesh, namespace)).map((plane) => wayOf(plane, names));
}

/** Sidecars use no waypoint; what they refuse, and where their routes lead, depends on the host. */
function throughSidecar(
  mesh: Mesh,
  { namespace, serviceAccount }: Exclude<Subject, '*'>,
  { workload, hasRoutes }: { readonly workload: Workload | undefined; readonly hasRoutes: boolean },
): WayOut {
  const { outboundTrafficPolicy, rootNamespace } = mesh.settings;
  const labels = new Map([...(workload?.spec.labels ?? [])].map(([name, { value }]) => [name, value] as const));
  const extensions = extensionsAtSidecar(mesh, { namespace, serviceAccount, labels });
  const isOpen =
    outboundTrafficPolicy === 'ALLOW_ANY' &&
    extensions.length === 0 &&
    !hasRoutes &&
    [namespace, rootNamespace].every((home) => mesh.inNamespace('Sidecar', home).length === 0);
  return { mode: isOpen ? 'sidecar-open' : 'sidecar', extensions };
}
