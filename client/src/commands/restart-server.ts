import type { EgressCommand } from '../context.ts';

export const restartServer: EgressCommand = {
  id: 'istioEgress.restartServer',
  run: ({ server }) => server.restart().catch(() => undefined), // told where it happened
};
