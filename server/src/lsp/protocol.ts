// The tables of everything that the server and its clients say to each other beyond standard LSP. A client imports types of these files only.
//
// A request is one entry in a file of `protocol/` (its parameters and result as types, how the parameters are read, its line of the README)
// and one file in `handlers/` that is named after it. `npm run generate` connects the two.
import { agentRequests } from './protocol/agents.ts';
import { clusterNotifications, clusterRequests } from './protocol/cluster.ts';
import { compareRequests } from './protocol/compare.ts';
import type { NotificationEntry, RequestEntry } from './protocol/define.ts';
import { egressRequests } from './protocol/egress.ts';
import { graphRequests } from './protocol/graph.ts';
import { learnRequests } from './protocol/learn.ts';
import { mapRequests } from './protocol/map.ts';
import { newRouteRequests } from './protocol/new-route.ts';
import { templateRequests } from './protocol/templates.ts';
import { workspaceNotifications, workspaceRequests } from './protocol/workspace.ts';

const requestTable = {
  ...workspaceRequests,
  ...egressRequests,
  ...compareRequests,
  ...mapRequests,
  ...graphRequests,
  ...clusterRequests,
  ...templateRequests,
  ...agentRequests,
  ...newRouteRequests,
  ...learnRequests,
};
const notificationTable = { ...workspaceNotifications, ...clusterNotifications };

export type RequestMethod = keyof typeof requestTable;
export type RequestParams<M extends RequestMethod> =
  (typeof requestTable)[M] extends RequestEntry<infer Params, unknown> ? Params : never;
export type RequestResult<M extends RequestMethod> = NonNullable<(typeof requestTable)[M]['result']>;

export type NotificationMethod = keyof typeof notificationTable;
export type NotificationParams<M extends NotificationMethod> =
  (typeof notificationTable)[M] extends NotificationEntry<infer Params> ? Params : never;
/** Those that a handler of the server takes. */
export type SessionNotification = {
  [M in NotificationMethod]: (typeof notificationTable)[M]['to'] extends 'session' ? M : never;
}[NotificationMethod];

/** The only or last arguments of a call: none if the method has no parameters. */
export type ParamsArgument<Params> = Params extends undefined ? [] : [params: Params];

export const requests: { readonly [M in RequestMethod]: RequestEntry<RequestParams<M>, RequestResult<M>> } =
  requestTable;
export const notifications: { readonly [M in NotificationMethod]: NotificationEntry<NotificationParams<M>> } =
  notificationTable;
