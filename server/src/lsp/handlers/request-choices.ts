import { requestChoices as choicesOf } from '../../features/request-choices.ts';
import type { Handler } from '../handler.ts';

/** More than users scroll through; a list with a filter stays fast with them. */
const mostChoices = 5000;

export const requestChoices: Handler<'istioEgress/requestChoices'> = (session, { uri }) => {
  const { urls, clients } = choicesOf(session.workspaceFor(uri).mesh);
  return { urls: urls.slice(0, mostChoices), clients: clients.slice(0, mostChoices) };
};
