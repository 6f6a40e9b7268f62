import type { NotificationHandler } from '../handler.ts';

export const trust: NotificationHandler<'istioEgress/trust'> = (session) => session.trust();
