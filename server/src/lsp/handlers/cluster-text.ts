import type { Handler } from '../handler.ts';

export const clusterText: Handler<'istioEgress/clusterText'> = (session, { uri }) => ({
  text: session.cluster.textOf(uri) ?? null,
});
