// Trace Request: asks for a request and shows each step with the line that decides it.
import type { EgressCommand } from '../extension-context.ts';
import { compose } from '../documents/answer.ts';
import { traceLines } from '../documents/trace.ts';
import { workPlace } from '../documents/work-place.ts';
import { askRequest, type RequestDraft, type RequestPlace } from '../trace/ask-request.ts';
import { traceTitle } from '../trace/trace-title.ts';
import { askServer } from './ask-server.ts';

/** Callers may pass the whole request; a lens passes its position. */
export const traceRequest: EgressCommand = {
  id: 'istioEgress.traceRequest',
  async run(egress, given) {
    const place = isPlace(given) ? given : workPlace();
    const uri = place?.uri ?? null;
    const request = isDraft(given) ? given : await askRequest(egress, place);
    if (!request) return undefined;
    const trace = await askServer(egress, 'istioEgress/trace', { uri, ...request });
    if (!trace) return undefined;
    await egress.answers.show(traceTitle(request), compose(traceLines(request, trace)));
    return trace;
  },
};

function isDraft(given: unknown): given is RequestDraft {
  if (typeof given !== 'object' || given === null) return false;
  const { url, from, method: verb } = given as Readonly<Record<string, unknown>>;
  return typeof url === 'string' && typeof from === 'string' && typeof verb === 'string';
}

function isPlace(given: unknown): given is RequestPlace {
  if (typeof given !== 'object' || given === null) return false;
  const { uri, line, character } = given as Readonly<Record<string, unknown>>;
  return typeof uri === 'string' && typeof line === 'number' && typeof character === 'number';
}
