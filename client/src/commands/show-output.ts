import type { EgressCommand } from '../extension-context.ts';

export const showOutput: EgressCommand = {
  id: 'istioEgress.showOutput',
  run: ({ output }) => output.show(),
};
