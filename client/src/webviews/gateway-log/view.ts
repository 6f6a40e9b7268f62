// The Gateway Log: the followed log as a table in the panel, beside the terminal.
import { commands, Uri, workspace } from 'vscode';
import type { ExplainedLine } from '../../../../server/src/lsp/protocol/egress.ts';
import { showPlace } from '../../commands/open-resource.ts';
import { openProposal } from '../../documents/proposal.ts';
import type { EgressContext } from '../../extension-context.ts';
import type { StoredItem } from '../../logs/log-store.ts';
import { runInBackground } from '../../run-in-background.ts';
import { defineWebview } from '../kit/webview.ts';
import { declarationOf } from './declaration.ts';
import { gatewayLogProtocol, type LogRow, type LogState } from './protocol.ts';

/** Lines may come by the hundred; the page is told this often at most. */
const restMs = 150;

export const gatewayLog = defineWebview({
  protocol: gatewayLogProtocol,
  title: 'Gateway Log',
  isInPanel: true,
  connect(link, egress) {
    const { log, output } = egress;
    let waiting: StoredItem[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const state = (): LogState => ({ title: log.subject.title, isFollowing: log.isFollowing, dropped: log.dropped });
    const forget = (): void => {
      clearTimeout(timer);
      timer = undefined;
      waiting = [];
    };
    const showAll = (): void => {
      forget();
      link.post('all', { state: state(), rows: log.items.map(logRowOf) });
    };
    const showWaiting = (): void => {
      const rows = waiting.map(logRowOf);
      forget();
      if (link.isVisible()) link.post('added', { state: state(), rows });
    };
    const listening = log.onDidChange((change) => {
      if (change.kind === 'begin') showAll();
      else if (change.kind === 'stopped') link.post('state', state());
      else {
        waiting.push(...change.items);
        timer ??= setTimeout(showWaiting, restMs);
      }
    });
    const select = async (id: number): Promise<void> => {
      const details = await detailsOf(egress, id);
      if (details && link.isVisible()) link.post('details', details);
    };
    return {
      ready: showAll,
      handlers: {
        select: ({ id }) => select(id),
        open: (place) => showPlace(place),
        async propose({ id }) {
          const line = await explained(egress, id);
          if (line?.proposal) await openProposal(line.proposal);
        },
        async declare({ id }) {
          const line = await explained(egress, id);
          const declaration = line && declarationOf(line);
          if (declaration) await commands.executeCommand('istioEgress.newManifest', declaration);
        },
        stop: () => log.stop(),
        follow: () => commands.executeCommand('istioEgress.followGatewayLogs'),
        learn: () => commands.executeCommand('istioEgress.learnFromGatewayLogs', { isPanel: true }),
        asText: () => runInBackground(output, 'showing the log as text', egress.logs.show()),
      },
      dispose() {
        forget();
        listening.dispose();
      },
    };
  },
});

function logRowOf(item: StoredItem): LogRow {
  const none = { time: '', method: '', host: '', path: '', status: '', policy: '', flags: '', pod: '' };
  if ('note' in item) return { ...none, id: item.id, words: item.note };
  const { id, explained: line, time, method, host, path, status, policy, flags, words, pod } = item;
  return { id, outcome: line.outcome, time, method, host, path, status, policy, flags, words, pod };
}

/** As the manifests are now, which may have changed since the line came. */
async function explained({ log, server }: EgressContext, id: number): Promise<ExplainedLine | undefined> {
  const item = log.itemOf(id);
  if (!item || 'note' in item) return undefined;
  const answer = await server.request('istioEgress/explainLog', { uri: log.subject.uri, text: item.explained.line });
  return answer?.lines[0];
}

async function detailsOf(egress: EgressContext, id: number) {
  const line = await explained(egress, id);
  if (!line) return undefined;
  const { summary, fields, notes, links, proposal } = line;
  return {
    id,
    summary,
    line: line.line,
    fields,
    notes,
    links: links.map(({ uri, range, message = '' }) => ({
      uri,
      range,
      message,
      label: `${workspace.asRelativePath(Uri.parse(uri))}:${range.start.line + 1}`,
    })),
    proposal: proposal?.title ?? null,
    unknownHost: declarationOf(line)?.answers.host ?? null,
  };
}
