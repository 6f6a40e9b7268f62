// The page of the Egress Map.
import './egress-map.css';
import { object } from '../../../../../server/src/lsp/protocol/read.ts';
import { element, fill } from '../../kit/page/element.ts';
import { startPage } from '../../kit/page/page.ts';
import { table } from '../../kit/page/table.ts';
import { l10n } from '../../kit/page/texts.ts';
import { egressMapProtocol, type MapRow } from '../protocol.ts';

startPage({
  protocol: egressMapProtocol,
  readState: object<object>({}),
  initial: {},
  begin({ root, post }) {
    const content = element('div', {}, l10n.t('Reading the workspace…'));
    fill(root, element('h1', {}, l10n.t('Egress Map')), content);
    const open = ({ host, place }: MapRow) =>
      element('button', { type: 'button', class: 'link', on: { click: () => post('open', place) } }, host);
    return {
      rows(rows) {
        fill(
          content,
          table({
            caption: l10n.t('Hosts outside the mesh, and the gateways before them'),
            columns: [
              { title: l10n.t('Host'), cell: open },
              { title: l10n.t('Gateway'), cell: ({ gateway }) => gateway },
              { title: l10n.t('Ports'), cell: ({ ports }) => ports },
            ],
            rows,
            empty: l10n.t('No host outside the mesh is declared in these files.'),
          }),
        );
      },
    };
  },
});
