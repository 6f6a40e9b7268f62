// Show Access: which client may call which host, as a matrix or as text.
import type { EgressCommand } from '../extension-context.ts';
import { accessMarkdown } from '../documents/access.ts';
import { workPlace } from '../documents/work-place.ts';
import { accessProtocol } from '../webviews/access/protocol.ts';
import { askServer } from './ask-server.ts';

export const showAccess: EgressCommand = {
  id: 'istioEgress.showAccess',
  run: (egress) => egress.showWebview(accessProtocol, { uri: workPlace()?.uri ?? null }),
};

export const showAccessAsText: EgressCommand = {
  id: 'istioEgress.showAccessAsText',
  async run(egress) {
    const access = await askServer(egress, 'istioEgress/access', { uri: workPlace()?.uri ?? null });
    if (access) await egress.answers.preview('Access.md', accessMarkdown(access));
    return access;
  },
};
