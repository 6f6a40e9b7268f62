import type { EgressCommand } from '../context.ts';

export const showOutput: EgressCommand = {
  id: 'istioEgress.showOutput',
  run: ({ output }) => output.show(),
};
