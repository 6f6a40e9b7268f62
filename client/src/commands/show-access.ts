// Show Access: which client may call which host, as a matrix or as text.
import { object, readIfValid, text } from '../../../server/src/lsp/protocol/read.ts';
import type { EgressCommand } from '../extension-context.ts';
import { accessMarkdown } from '../documents/access.ts';
import { accessTitle } from '../documents/names.ts';
import { workPlace } from '../documents/work-place.ts';
import { accessProtocol } from '../webviews/access/protocol.ts';
import { askServer } from './ask-server.ts';

/** What an item of the view gives. */
const hostInView = object<{ readonly uri: string; readonly host: string }>({ uri: text, host: text });

export const showAccess: EgressCommand = {
  id: 'istioEgress.showAccess',
  run(egress, given) {
    const of = readIfValid(hostInView, given);
    egress.showWebview(accessProtocol, { uri: of?.uri ?? workPlace()?.uri ?? null, host: of?.host ?? null });
  },
};

export const showAccessAsText: EgressCommand = {
  id: 'istioEgress.showAccessAsText',
  async run(egress) {
    const uri = workPlace()?.uri ?? null;
    const access = await askServer(egress, 'istioEgress/access', { uri });
    if (access) await egress.answers.preview(accessTitle(uri), accessMarkdown(access));
    return access;
  },
};
