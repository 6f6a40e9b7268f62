import type { Handler } from '../handler.ts';

export const checkWorkspace: Handler<'istioEgress/checkWorkspace'> = (session, _params, token) =>
  session.checkWorkspace(token);
