// Check Egress Is Closed: sends requests that must fail from a pod, to an undeclared host and bypassing the gateway, and writes a report.
import { commands, window, workspace } from 'vscode';
import { curlFault } from '../../../server/src/cluster/requests/curl.ts';
import {
  checkEgressIsClosed as check,
  type ClosedRequest,
} from '../../../server/src/cluster/requests/egress-closed.ts';
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import type { Tools } from '../../../server/src/cluster/tools/target.ts';
import { aroundOf, findAround } from '../closed/around.ts';
import { reportMarkdown } from '../closed/report.ts';
import type { EgressContext } from '../extension-context.ts';
import { workPlace } from '../documents/work-place.ts';
import { chooseContext } from '../ui/choose-context.ts';
import { withProgress } from '../ui/progress.ts';
import { askSteps, askText, type Step } from '../ui/pick-steps.ts';
import { clusterCommand } from './cluster-command.ts';
import { askClient, type ClientDraft, type ClientPod } from '../test-request/ask-request.ts';

interface Draft extends ClientDraft {
  readonly declared: string;
  readonly undeclared: string;
  /** `ADDRESS:PORT`; empty leaves that check out. */
  readonly around: string;
}

export const checkEgressIsClosed = clusterCommand(
  'istioEgress.checkEgressIsClosed',
  'kubectl',
  async (egress, { tools, run }) => {
    const context = await chooseContext(egress, run, tools, 'Check Egress Is Closed');
    if (context === undefined) return 'left';
    const draft = await ask(egress, run, context, tools);
    return draft?.client
      ? checkAndReport(egress, run, requestOf(context, tools, draft, draft.client), draft.client)
      : 'left';
  },
);

async function checkAndReport(
  egress: EgressContext,
  run: Run,
  request: ClosedRequest,
  { pod }: ClientPod,
): Promise<string> {
  const title = `Checking that egress from ${request.namespace}/${request.pod} is closed`;
  const report = await withProgress(title, (signal, say) => {
    say(request.controlUrl ?? request.undeclaredUrl);
    return check(run, request, { signal, onCheck: ({ url, why }) => say(`${url}: ${why}`) });
  });
  egress.output.info(report.summary);
  const content = reportMarkdown(report, pod);
  await window.showTextDocument(await workspace.openTextDocument({ language: 'markdown', content }), {
    preview: false,
  });
  // In front of the text, which can be saved; an editor without a preview shows the text.
  await Promise.resolve(commands.executeCommand('markdown.showPreview')).catch(() => undefined);
  return report.verdict;
}

function requestOf(
  context: string,
  tools: Tools,
  { declared, undeclared, around }: Draft,
  { namespace, pod, container }: ClientPod,
): ClosedRequest {
  const past = declared === '' ? undefined : aroundOf(new URL(declared).hostname, around);
  return {
    context,
    tools,
    namespace,
    pod: pod.name,
    container,
    undeclaredUrl: undeclared,
    ...(declared === '' ? {} : { controlUrl: declared }),
    ...(past ? { around: past } : {}),
  };
}

async function ask(egress: EgressContext, run: Run, context: string, tools: Tools): Promise<Draft | undefined> {
  const at = workPlace();
  const uri = at?.uri ?? null;
  const suggested =
    at &&
    (await egress.server.request('istioEgress/requestAt', {
      uri: at.uri,
      position: { line: at.line, character: at.character },
    }));
  const namespaces = [...new Set((suggested?.clients ?? []).map((one) => one.split('/')[0]!))];
  const start: Draft = {
    namespace: namespaces[0] ?? 'default',
    client: undefined,
    declared: suggested?.url ?? '',
    undeclared: 'https://example.com/',
    around: '',
  };
  const steps: readonly Step<Draft>[] = [
    ...askClient<Draft>(run, context, tools, namespaces),
    askDeclared,
    askUndeclared,
    askAround(egress, run, context, tools, uri),
  ];
  return askSteps('Check Egress Is Closed', steps, start);
}

const askDeclared: Step<Draft> = async (draft, place) => {
  const prompt =
    'URL of a declared host. This request must succeed; it shows that the network works. Leave empty to skip.';
  const declared = await askText(place, {
    prompt,
    value: draft.declared,
    fault: (text) => (text.trim() === '' ? undefined : curlFault({ url: text.trim() })),
  });
  return typeof declared === 'string' ? { ...draft, declared: declared.trim() } : declared;
};

const askUndeclared: Step<Draft> = async (draft, place) => {
  const undeclared = await askText(place, {
    prompt: 'URL of a host that no ServiceEntry declares. This request must fail.',
    value: draft.undeclared,
    fault: (text) => curlFault({ url: text.trim() }),
  });
  return typeof undeclared === 'string' ? { ...draft, undeclared: undeclared.trim() } : undeclared;
};

function askAround(egress: EgressContext, run: Run, context: string, tools: Tools, uri: string | null): Step<Draft> {
  return async (draft, place) => {
    if (draft.declared === '' || !draft.client) return draft;
    const { namespace, pod } = draft.client;
    const found = await withProgress("Reading the host's address from the gateway's log", (signal) =>
      findAround(
        run,
        egress.server,
        { context, tools, url: draft.declared, from: `${namespace}/${pod.serviceAccount}`, uri },
        signal,
      ),
    );
    const value =
      draft.around ||
      (found ? `${found.address}:${new URL(found.url).port || (found.url.startsWith('https:') ? '443' : '80')}` : '');
    const around = await askText(place, {
      prompt: `IP address and port of ${new URL(draft.declared).hostname}, to bypass the gateway. This request must fail. Leave empty to skip.`,
      value,
      fault: (text) =>
        text.trim() === '' || aroundOf('host', text)
          ? undefined
          : 'This is not a valid address. Write it as ADDRESS:PORT, for example 192.0.2.10:443.',
    });
    return typeof around === 'string' ? { ...draft, around: around.trim() } : around;
  };
}
