import type { EgressCommand } from '../extension-context.ts';

export const restartServer: EgressCommand = {
  id: 'istioEgress.restartServer',
  run: ({ server }) => server.restart().catch(() => undefined), // reported where it happened
};
