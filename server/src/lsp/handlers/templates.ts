import { offersFor } from '../../features/templates/offers.ts';
import type { Handler } from '../handler.ts';

export const templates: Handler<'istioEgress/templates'> = (session, { uri }) => ({
  offers: offersFor(session.workspaceFor(uri), uri ?? undefined).map(({ id, title, detail, isNeeded }) => ({
    id,
    title,
    detail,
    isNeeded,
  })),
});
