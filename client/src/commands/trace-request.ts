// Trace Request: asks for a request and shows each step with the line that decides it, as a picture or as text.
import type { EgressCommand, EgressContext } from '../extension-context.ts';
import { compose } from '../documents/answer.ts';
import { traceTitle } from '../documents/names.ts';
import { traceLines } from '../documents/trace.ts';
import { workPlace } from '../documents/work-place.ts';
import { askRequest, type RequestDraft, type RequestPlace } from '../trace/ask-request.ts';
import { traceProtocol } from '../webviews/trace/protocol.ts';
import { askServer, noServer } from './ask-server.ts';

/** Callers may pass the whole request; a lens passes its position. */
export const traceRequest: EgressCommand = {
  id: 'istioEgress.traceRequest',
  async run(egress, given) {
    const asked = await traced(egress, given);
    if (!asked) return undefined;
    egress.showWebview(traceProtocol, { uri: asked.uri, ...asked.request });
    return asked.trace;
  },
};

export const traceRequestAsText: EgressCommand = {
  id: 'istioEgress.traceRequestAsText',
  async run(egress, given) {
    const asked = await traced(egress, given);
    if (!asked) return undefined;
    await egress.answers.show(traceTitle(asked.request), compose(traceLines(asked.request, asked.trace)));
    return asked.trace;
  },
};

async function traced(egress: EgressContext, given: unknown) {
  // Not after three questions.
  if (egress.server.state === 'stopped') return noServer(egress);
  const place = isPlace(given) ? given : workPlace();
  const uri = place?.uri ?? null;
  const request = isDraft(given) ? given : await askRequest(egress, place);
  if (!request) return undefined;
  const { url, from, method } = request;
  const trace = await askServer(egress, 'istioEgress/trace', { uri, url, from, method });
  return trace && { uri, request: { url, from, method }, trace };
}

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
