import { parseRequest, type RequestWords } from '../../eval/trace/parse-request.ts';
import { traceJson } from '../../eval/trace/to-json.ts';
import { trace as traceIn } from '../../eval/trace/trace.ts';
import { placesIn } from '../../engine/places.ts';
import type { TraceResult, Unanswerable } from '../protocol.ts';
import type { Session } from '../session.ts';

export function trace(session: Session, given: unknown): TraceResult | Unanswerable {
  const { uri, ...words } = (given ?? {}) as Readonly<Record<string, unknown>>;
  const request = parseRequest(wordsOf(words));
  if ('problem' in request) return request;
  const workspace = session.workspaceFor(typeof uri === 'string' ? uri : null);
  const place = placesIn(workspace, session.sources);
  return traceJson(traceIn(workspace.mesh, request), ({ resource, span }) => place(resource, span));
}

function wordsOf({ url, from, method, headers, labels, sni }: Readonly<Record<string, unknown>>): RequestWords {
  return {
    url: textOf(url) ?? '',
    from: textOf(from) ?? '',
    method: textOf(method),
    headers: textsOf(headers),
    labels: textsOf(labels),
    sni: textOf(sni),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}
