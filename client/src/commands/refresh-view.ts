import type { EgressCommand } from '../extension-context.ts';

export const refreshView: EgressCommand = {
  id: 'istioEgress.refreshView',
  run: ({ view }) => view.refresh(),
};
