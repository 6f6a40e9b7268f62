// The questions of Trace Request: URL, client and method, each from a list of what the workspace knows, or typed.
import type { RequestAtResult, RequestChoicesResult } from '../../../server/src/lsp/protocol/workspace.ts';
import type { EgressContext } from '../extension-context.ts';
import { askSteps, pick, type Step } from '../ui/pick-steps.ts';
import { completeUrl } from './complete-url.ts';

export interface RequestDraft {
  readonly url: string;
  readonly from: string;
  readonly method: string;
}

/** A place whose host is to be called. */
export interface RequestPlace {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

export async function askRequest(
  egress: EgressContext,
  place: RequestPlace | undefined,
): Promise<RequestDraft | undefined> {
  const [here, choices] = await Promise.all([requestHere(egress, place), choicesFor(egress, place)]);
  return askSteps<RequestDraft>(
    'Trace Request',
    [askUrl(here.url, choices), askFrom([...new Set([...here.clients, ...choices.clients])]), askMethod],
    { url: here.url ?? choices.urls[0]?.url ?? '', from: here.clients[0] ?? choices.clients[0] ?? '', method: 'GET' },
  );
}

async function requestHere({ server }: EgressContext, place: RequestPlace | undefined): Promise<RequestAtResult> {
  const none = { url: null, clients: [] };
  if (!place) return none;
  const { uri, line, character } = place;
  return (await server.request('istioEgress/requestAt', { uri, position: { line, character } })) ?? none;
}

async function choicesFor({ server }: EgressContext, place: RequestPlace | undefined): Promise<RequestChoicesResult> {
  const choices = await server.request('istioEgress/requestChoices', { uri: place?.uri ?? null });
  return choices ?? { urls: [], clients: [] };
}

function askUrl(here: string | null, { urls }: RequestChoicesResult): Step<RequestDraft> {
  const known = urls.map(({ url, entry }) => ({ label: url, description: `ServiceEntry ${entry}`, value: url }));
  const isHere = ({ value }: { readonly value: string }) => value === here;
  const atCursor = known.find(isHere) ?? (here === null ? undefined : { label: here, description: '', value: here });
  const items = [
    ...(atCursor ? [{ ...atCursor, detail: 'at the cursor' }] : []),
    ...known.filter((item) => !isHere(item)),
  ];
  return async (draft, place) => {
    const url = await pick(place, {
      placeholder:
        items.length > 0
          ? 'URL that the client calls. Choose one, or type another, such as httpbin.org/status/200'
          : 'Type the URL that the client calls, such as httpbin.org/status/200',
      items: listed(draft.url, items),
      active: draft.url,
      fromText: (text) => {
        const complete = completeUrl(text, urls);
        return {
          label: complete ?? text,
          detail:
            complete === undefined
              ? 'This is not a valid URL. Write host and path, for example httpbin.org/get.'
              : 'as typed',
          alwaysShow: true,
          value: complete,
        };
      },
    });
    return typeof url === 'string' ? { ...draft, url } : url;
  };
}

/** With what was typed before, for those who come back to the question. */
function listed(before: string, items: readonly { readonly label: string; readonly value: string }[]) {
  return before === '' || items.some(({ value }) => value === before)
    ? items
    : [{ label: before, value: before }, ...items];
}

function askFrom(clients: readonly string[]): Step<RequestDraft> {
  return async (draft, place) => {
    const from = await pick(place, {
      placeholder:
        clients.length > 0
          ? 'Client: choose one, or type another as namespace or namespace/service-account'
          : 'Type the client as namespace or namespace/service-account, such as default/curl',
      items: listed(
        draft.from,
        clients.map((value) => ({ label: value, value })),
      ),
      active: draft.from,
      fromText: (text) => {
        const isClient = /^[a-z0-9][-a-z0-9]*(\/[a-z0-9][-a-z0-9.]*)?$/.test(text);
        return {
          label: text,
          detail: isClient
            ? 'as typed'
            : 'This is not a valid client. Write it as namespace or namespace/service-account.',
          alwaysShow: true,
          value: isClient ? text : undefined,
        };
      },
    });
    return typeof from === 'string' ? { ...draft, from } : from;
  };
}

const askMethod: Step<RequestDraft> = async (draft, place) => {
  if (!/^https?:/i.test(draft.url)) return draft;
  const method = await pick(place, {
    placeholder: 'Method',
    items: methods.map((value) => ({ label: value, value })),
    active: draft.method,
  });
  return typeof method === 'string' ? { ...draft, method } : method;
};
