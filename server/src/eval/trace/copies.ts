// Where copies of a request go besides: mirrors of the route that takes it. The waypoint sends them itself, so no policy of the host that gets them is asked.
// server/docs/istio-semantics.md §12.21; istio@86c9f01 pilot/pkg/networking/core/route/route.go TranslateRequestMirrorPolicy.
import { upstreamTls } from '../../mesh/destination-rules/upstream-tls.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { endOf, type RouteEnd } from '../../mesh/routes/route-destination.ts';
import type { RouteEntry, RouteMirror } from '../../mesh/routes/route-entry.ts';
import type { RouteQuestion } from '../../mesh/routes/route-question.ts';
import { keptAllocated } from './allocated-address.ts';
import { atName, step, type TraceState } from './state.ts';
import { dialledFor } from './dialled.ts';
import { placeOfEntry } from './route-turns.ts';
import { connectionText, copyText, withoutCopy } from './copy-texts.ts';
import type { Step } from './step.ts';

/** One step for each mirror of the entry. Connections of bytes have no copies. */
export function copies(state: TraceState, mesh: Mesh, question: RouteQuestion, entry: RouteEntry): readonly Step[] {
  const { action } = entry;
  if (state.chain !== 'http' || action.does !== 'forward') return [];
  return action.mirrors.map((mirror) => copy(state, mesh, question, entry, mirror));
}

function copy(state: TraceState, mesh: Mesh, question: RouteQuestion, entry: RouteEntry, mirror: RouteMirror): Step {
  const place = placeOfEntry(entry);
  const because = (why: string): string => withoutCopy(entry, mirror, why);
  if (mirror.isKept === false) return step('route', 'no', because(', which Istio leaves out'), place);
  const to: RouteEnd = mirror.isKept ? endOf(mesh, question, entry, mirror) : { state: 'unknown' };
  switch (to.state) {
    case 'unknown':
      return step('route', 'unknown', because('; these files do not show whether a copy is sent'), place);
    case 'missing':
      return step('route', 'no', because(', to which the waypoint has no connection'), place);
    case 'elsewhere':
      return step(
        'route',
        'yes',
        `${copyText(mirror)} goes to ${to.host}:${to.port}, which is not a host of this waypoint.`,
        place,
      );
    case 'own': {
      const nobody = keptAllocated(state, mesh, to.entry);
      if (nobody) return step('route', 'no', because(`: ${nobody}`), place, atName(to.entry));
      return step(
        'route',
        'yes',
        `${copyText(mirror)} goes to ${connection(state, mesh, to)}.`,
        place,
        atName(to.entry),
      );
    }
  }
}

/** As requests to that host are connected. */
function connection({ request, waypoint }: TraceState, mesh: Mesh, to: Extract<RouteEnd, { state: 'own' }>): string {
  const tls = upstreamTls(mesh, to.entry, to.port, to.host, to.subset);
  const isOriginated = tls.state === 'originated';
  const dialled = dialledFor(mesh, to.entry, to.host, to.port, {
    by: 'envoy',
    request,
    namespace: waypoint?.namespace,
    tls: isOriginated,
  });
  return connectionText(dialled, tls.state === 'originated' ? tls.mode : tls.state);
}
