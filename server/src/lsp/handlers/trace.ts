import { parseRequest } from '../../eval/trace/parse-request.ts';
import { traceJson } from '../../eval/trace/to-json.ts';
import { trace as traceIn } from '../../eval/trace/trace.ts';
import { placesIn } from '../../engine/places.ts';
import type { Handler } from '../handler.ts';

export const trace: Handler<'istioEgress/trace'> = (session, { uri, method, sni, ...words }) => {
  // An empty method or server name is what an empty input box gives: it says nothing.
  const request = parseRequest({ ...words, method: method || undefined, sni: sni || undefined });
  if ('problem' in request) return request;
  const workspace = session.workspaceFor(uri);
  const place = placesIn(workspace, session.sources);
  return traceJson(traceIn(workspace.mesh, request), ({ resource, span }) => place(resource, span));
};
