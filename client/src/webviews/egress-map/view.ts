// The Egress Map: clients, gateways, hosts and ports of the workspace, live with edits.
import { l10n } from 'vscode';
import { showPlace } from '../../commands/open-resource.ts';
import { portLabel, portText } from '../../view/item-texts.ts';
import { defineWebview } from '../kit/webview.ts';
import { egressMapProtocol, type MapRow } from './protocol.ts';
import type { HostItem, MapSide } from '../../../../server/src/lsp/protocol/map.ts';
import { runInBackground } from '../../run-in-background.ts';

export const egressMap = defineWebview({
  protocol: egressMapProtocol,
  title: () => l10n.t('Egress Map'),
  connect(link, { server, output }) {
    const send = async (): Promise<void> => {
      if (!link.isVisible()) return;
      const map = await server.request('istioEgress/map');
      link.post('rows', map?.folders.flatMap(({ map: side }) => rowsOf(side)) ?? []);
    };
    const listening = server.onDidChange(() => runInBackground(output, 'drawing the Egress Map', send()));
    return { ready: send, handlers: { open: showPlace }, dispose: () => listening.dispose() };
  },
});

function rowsOf({ gateways, past, unclear }: MapSide): readonly MapRow[] {
  const rows = (gateway: string, hosts: readonly HostItem[]) =>
    hosts.map(({ host, ports, place }) => ({
      gateway,
      host,
      ports: ports.map((port) => `${portLabel(port)}: ${portText(port)}`).join(', '),
      place,
    }));
  return [
    ...gateways.flatMap(({ namespace, name, hosts }) => rows(`${namespace}/${name}`, hosts)),
    ...rows(l10n.t('none'), past),
    ...rows(l10n.t('unknown'), unclear),
  ];
}
