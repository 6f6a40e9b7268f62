// Trace Request: asks for a request and shows each step with the line that decides it.
import { l10n, window } from 'vscode';
import type { RequestAtResult } from '../../../server/src/lsp/protocol/workspace.ts';
import type { EgressCommand, EgressContext } from '../extension-context.ts';
import { compose } from '../documents/answer.ts';
import { traceLines } from '../documents/trace.ts';
import { askSteps, askText, pick, type Step } from '../ui/pick-steps.ts';
import { askServer } from './ask-server.ts';

interface Draft {
  readonly url: string;
  readonly from: string;
  readonly method: string;
}

/** A place whose host is to be called. */
interface GivenPlace {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

/** Callers may pass the whole request; a lens passes its position. */
export const traceRequest: EgressCommand = {
  id: 'istioEgress.traceRequest',
  async run(egress, given) {
    const place = isPlace(given) ? given : cursor();
    const uri = place?.uri ?? null;
    const request = isDraft(given) ? given : await ask(egress, place);
    if (!request) return undefined;
    const trace = await askServer(egress, 'istioEgress/trace', { uri, ...request });
    if (!trace) return undefined;
    await egress.answers.show('Trace.txt', compose(traceLines(request, trace)));
    return trace;
  },
};

function isDraft(given: unknown): given is Draft {
  if (typeof given !== 'object' || given === null) return false;
  const { url, from, method: verb } = given as Readonly<Record<string, unknown>>;
  return typeof url === 'string' && typeof from === 'string' && typeof verb === 'string';
}

function isPlace(given: unknown): given is GivenPlace {
  if (typeof given !== 'object' || given === null) return false;
  const { uri, line, character } = given as Readonly<Record<string, unknown>>;
  return typeof uri === 'string' && typeof line === 'number' && typeof character === 'number';
}

function cursor(): GivenPlace | undefined {
  const editor = window.activeTextEditor;
  return (
    editor && {
      uri: editor.document.uri.toString(),
      line: editor.selection.active.line,
      character: editor.selection.active.character,
    }
  );
}

async function ask(egress: EgressContext, place: GivenPlace | undefined): Promise<Draft | undefined> {
  const { url, clients } = await suggestion(egress, place);
  return askSteps<Draft>(l10n.t('Trace Request'), [askUrl, askFrom(clients), askMethod], {
    url: url ?? 'http://',
    from: clients[0] ?? 'default/default',
    method: 'GET',
  });
}

async function suggestion({ server }: EgressContext, place: GivenPlace | undefined): Promise<RequestAtResult> {
  const none = { url: null, clients: [] };
  if (!place) return none;
  const { uri, line, character } = place;
  return (await server.request('istioEgress/requestAt', { uri, position: { line, character } })) ?? none;
}

const askUrl: Step<Draft> = async (draft, place) => {
  const url = await askText(place, {
    prompt: l10n.t('URL that the client calls, for example http://httpbin.org/get'),
    value: draft.url,
    fault: urlFault,
  });
  return typeof url === 'string' ? { ...draft, url: url.trim() } : url;
};

/** What the URL means is the server's to say. */
function urlFault(text: string): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s/:]+/i.test(text.trim())
    ? undefined
    : l10n.t('This is not a valid URL: write scheme and host, for example http://httpbin.org/get.');
}

function askFrom(clients: readonly string[]): Step<Draft> {
  return async (draft, place) => {
    const from = await pick(place, {
      placeholder: l10n.t('Client: namespace or namespace/service-account. Type to enter another'),
      items: [...new Set([draft.from, ...clients])].map((value) => ({ label: value, value })),
      active: draft.from,
      fromText: (text) => {
        const known = /^[a-z0-9][-a-z0-9]*(\/[a-z0-9][-a-z0-9.]*)?$/.test(text);
        return {
          label: text,
          detail: known
            ? l10n.t('as typed')
            : l10n.t('This is not a valid client. Write it as namespace or namespace/service-account.'),
          alwaysShow: true,
          value: known ? text : undefined,
        };
      },
    });
    return typeof from === 'string' ? { ...draft, from } : from;
  };
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

const askMethod: Step<Draft> = async (draft, place) => {
  if (!/^https?:/i.test(draft.url)) return draft;
  const verb = await pick(place, {
    placeholder: l10n.t('Method'),
    items: methods.map((value) => ({ label: value, value })),
    active: draft.method,
  });
  return typeof verb === 'string' ? { ...draft, method: verb } : verb;
};
