// CONNECT, by which clients ask a forward proxy for a tunnel, on a port that a sidecar has for HTTP.
import { hasHttpListener, httpOwnersOnPort } from '../../mesh/clients/http-listener.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe } from '../../model/resource.ts';
import { clientBytes } from './client-bytes.ts';
import { atName, end, step, type TraceState, type Turn } from './state.ts';

/**
 * CONNECT has no path, so none of the routes that istiod makes takes it; elsewhere it is bytes like others. Undefined if it is not so.
 * istio@86c9f01 pilot/pkg/networking/core/route/route.go TranslateRouteMatch; envoy@0f39b1c source/common/router/config_impl.cc
 * PathMatchPolicy; envoy api config/route/v3 RouteMatch.ConnectMatcher.
 */
export function connectAtSidecar(state: TraceState, mesh: Mesh): Turn | undefined {
  const { request } = state;
  if (request.method !== 'CONNECT' || clientBytes(request) !== 'http') return undefined;
  if (hasHttpListener(mesh, request.from, request.port) !== true) return undefined;
  const [owner] = httpOwnersOnPort(mesh, request.from, request.port);
  const why = owner ? `${describe(owner)} has port ${request.port} for HTTP` : `port ${request.port} is one of HTTP`;
  const message = `The sidecar answers 404 to CONNECT: ${why}, and no route of HTTP takes CONNECT.`;
  return end(state, [step('service', 'no', message, owner && atName(owner))], {
    verdict: 'fails',
    cause: 'unmatched',
    summary: message,
    log: { upstreamCluster: '-', status: 404 },
  });
}
