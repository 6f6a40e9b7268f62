import { Draft } from '../../engine/draft.ts';
import { placesIn } from '../../engine/places.ts';
import { asItIs } from '../../engine/to-source.ts';
import { accessRowJson } from '../../eval/access/to-json.ts';
import type { TraceRequest } from '../../eval/trace/request.ts';
import { traceJson } from '../../eval/trace/to-json.ts';
import { newRoute as routeOf } from '../../features/new-route/new-route.ts';
import { isRouteAnswerName } from '../../features/new-route/route-answers.ts';
import type { Handler } from '../handler.ts';

export const newRoute: Handler<'istioEgress/newRoute'> = (session, { uri, answers }) => {
  const home = uri === null ? session.folderUris[0] : uri.slice(0, uri.lastIndexOf('/'));
  if (home === undefined) return { problem: 'Open a folder first: a route is written into its manifests.' };
  const workspace = session.workspaceFor(uri);
  const known = Object.fromEntries(Object.entries(answers).filter(([name]) => isRouteAnswerName(name)));
  const host = session.texts.hostOf(workspace);
  const context = { workspace, home, textOf: host.textOf, newDraft: () => new Draft(workspace, host) };
  const { question, problem, plan, draft } = routeOf(context, known);
  if (problem !== null) return { problem };
  if (!plan || !draft) return { question, plan: null };
  const placeOf = placesIn(draft, { textOf: draft.textOf, toSource: asItIs });
  const place = ({ resource, span }: Parameters<Parameters<typeof traceJson>[1]>[0]) => placeOf(resource, span);
  return {
    question,
    plan: {
      title: plan.title,
      files: plan.files.map((file) => ({ ...file, isNew: !host.exists(file.uri) })),
      requests: plan.requests.map(({ request, trace, isAsAsked }) => ({
        ...wordsOf(request),
        isAsAsked,
        trace: traceJson(trace, place),
      })),
      access: plan.access.map((row) => accessRowJson(row, ({ resource, span }) => placeOf(resource, span))),
      notes: plan.notes,
    },
  };
};

function wordsOf({ scheme, host, port, path, method, from }: TraceRequest) {
  const usual = scheme === 'https' ? 443 : 80;
  return {
    url: `${scheme}://${host}${port === usual ? '' : `:${port}`}${path}`,
    from: `${from.namespace}/${from.serviceAccount}`,
    method,
  };
}
