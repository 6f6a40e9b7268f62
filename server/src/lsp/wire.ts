// The border to the wire: each message's parameters are checked here, once, and each failure becomes an answer that says what is wrong.
import {
  ErrorCodes,
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Connection,
} from 'vscode-languageserver';
import { isRecord } from '../base/is-record.ts';
import { displayed } from './displayed.ts';
import type { Guard } from './guard.ts';
import { endpoint, patientEndpoint, type Endpoint } from './handler.ts';
import { ContentModified, NoLongerWanted, RequestRefused } from './unanswered.ts';
import { handlers, notificationHandlers } from './handlers/index.gen.ts';
import { notifications, requests, type RequestMethod, type SessionNotification } from './protocol.ts';
import { MalformedInput } from './protocol/read.ts';
import type { Session } from './session.ts';
import { visibleLog } from './visible-log.ts';
import { standardRequests } from './standard-requests.ts';

export interface Wire {
  readonly connection: Pick<Connection, 'onRequest' | 'onNotification' | 'console'>;
  readonly guard: Guard;
  /** Undefined before the client's `initialize`. */
  readonly session: () => Session | undefined;
}

/** Answers every request of the server, standard ones and its own, and takes its own notifications. */
export function wireMessages(wire: Wire): void {
  // Without parameters the token is the only argument.
  for (const [method, one] of endpoints())
    wire.connection.onRequest(method, (...args: readonly unknown[]) =>
      respond(wire, method, one, args.length > 1 ? args[0] : undefined, args.at(-1) as CancellationToken),
    );
  for (const method of methodsOf(notificationHandlers)) wireNotification(wire, method);
}

function endpoints(): ReadonlyMap<string, Endpoint> {
  return new Map([
    ...Object.entries(standardRequests).map(([method, one]) => [method, shownBy(one)] as const),
    ...methodsOf(handlers).map((method) => [method, ownEndpoint(method)] as const),
  ]);
}

/** Answers of standard requests are shown as they come; clients know what to do with the others. */
function shownBy(one: Endpoint): Endpoint {
  return { ...one, answer: async (...asked) => displayed(await one.answer(...asked)) };
}

function ownEndpoint<M extends RequestMethod>(method: M): Endpoint {
  const { read, needsAllFiles } = requests[method];
  return needsAllFiles ? patientEndpoint(read, handlers[method]) : endpoint(read, handlers[method]);
}

async function respond(
  { guard, session }: Wire,
  method: string,
  { answer, needsNoFindings, ...fallback }: Endpoint,
  params: unknown,
  token: CancellationToken,
): Promise<unknown> {
  const to = session();
  if (!to) return new ResponseError(ErrorCodes.ServerNotInitialized, `${method}: \`initialize\` must come first.`);
  if (token.isCancellationRequested) return cancelled(method);
  const watched = guard.watch();
  watched.step(`answering ${method}${aboutFile(params)}`);
  try {
    if (!needsNoFindings) to.catchUp();
    const result = await answer(to, params, token);
    return token.isCancellationRequested ? cancelled(method) : result;
  } catch (error) {
    if (error instanceof NoLongerWanted) return cancelled(method);
    if (error instanceof MalformedInput)
      return new ResponseError(ErrorCodes.InvalidParams, `${method}: ${error.message}`);
    if (error instanceof RequestRefused) return new ResponseError(LSPErrorCodes.RequestFailed, error.message);
    if (error instanceof ContentModified)
      return new ResponseError(LSPErrorCodes.ContentModified, `${method}: the files were edited meanwhile.`);
    guard.report(method, error);
    if ('empty' in fallback) return fallback.empty;
    return new ResponseError(ErrorCodes.InternalError, `${method}: internal error; the output has the details.`);
  } finally {
    watched.end();
  }
}

/** The file that a request names in one of the two usual ways. */
function aboutFile(params: unknown): string {
  if (!isRecord(params)) return '';
  const uri = isRecord(params['textDocument']) ? params['textDocument']['uri'] : params['uri'];
  return typeof uri === 'string' ? ` for ${uri}` : '';
}

function cancelled(method: string): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestCancelled, `${method}: cancelled`);
}

function wireNotification<M extends SessionNotification>({ connection, guard, session }: Wire, method: M): void {
  connection.onNotification(method, (params: unknown) => {
    const to = session();
    if (!to) return;
    try {
      notificationHandlers[method](to, notifications[method].read(params, ''));
    } catch (error) {
      if (error instanceof MalformedInput) visibleLog(connection.console).error(`${method}: ${error.message}`);
      else guard.report(method, error);
    }
  });
}

function methodsOf<Table extends object>(table: Table): readonly (keyof Table & string)[] {
  return Object.keys(table) as (keyof Table & string)[];
}
