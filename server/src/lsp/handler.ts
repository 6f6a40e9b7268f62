// The type of a handler: gets a session and checked parameters, returns the result.
import type { CancellationToken } from 'vscode-languageserver';
import type {
  NotificationParams,
  RequestMethod,
  RequestParams,
  RequestResult,
  SessionNotification,
} from './protocol.ts';
import type { Reader } from './protocol/read.ts';
import type { Session } from './session.ts';

/** `token`: the client no longer wants the answer. A handler that waits for something looks at it after each wait. */
export type Answer<Params, Result> = (
  session: Session,
  params: Params,
  token: CancellationToken,
) => Result | Promise<Result>;

/** Of a request in the table of `protocol.ts`. */
export type Handler<M extends RequestMethod> = Answer<RequestParams<M>, RequestResult<M>>;

/** Of a notification in the table of `protocol.ts`. */
export type NotificationHandler<M extends SessionNotification> = (
  session: Session,
  params: NotificationParams<M>,
) => void;

/** A request with its types forgotten: it takes parameters as they came. */
export interface Endpoint {
  readonly answer: Answer<unknown, unknown>;
  /** The answer after an internal error, where an editor would otherwise show an error at each keystroke. */
  readonly empty?: unknown;
  /** It is asked at each keystroke and does not wait for the rules: a hover lacks the pages of their findings for a moment. */
  readonly needsNoFindings?: true;
}

/** Reads the parameters, and calls the handler when no folder is being read. */
export function patientEndpoint<Params, Result>(read: Reader<Params>, answer: Answer<Params, Result>): Endpoint {
  return endpoint(read, async (session, params, token) => {
    await session.whenRead();
    return answer(session, params, token);
  });
}

/** Reads the parameters and calls the handler. */
export function endpoint<Params, Result>(
  read: Reader<Params>,
  answer: Answer<Params, Result>,
  more: { readonly empty?: Result; readonly needsNoFindings?: true } = {},
): Endpoint {
  return { answer: (session, params, token) => answer(session, read(params, ''), token), ...more };
}
