// What an entry of the tables of requests and notifications says.
import type { Reader } from './read.ts';

export interface RequestEntry<Params, Result> {
  /** Checks the parameters once, where they come in. */
  readonly read: Reader<Params>;
  /** Whether it is answered only once all folders are read: from a part of the files it would say what is not true. */
  readonly needsAllFiles?: true;
  /** What it answers: Markdown for the table in `server/README.md`. */
  readonly answers: string;
  /** Carries the type of the result; never there at run time. */
  readonly result?: Result;
}

export function request<Params, Result>(
  entry: Omit<RequestEntry<Params, Result>, 'result'>,
): RequestEntry<Params, Result> {
  return entry;
}

export interface NotificationEntry<Params> {
  readonly read: Reader<Params>;
  /** `session`: a handler of the server takes it; `worker`: the server's entry in a browser does; `client`: the server sends it. */
  readonly to: 'session' | 'worker' | 'client';
  /** Its content: Markdown for the table in `server/README.md`. */
  readonly tells: string;
}

export function notification<Params, To extends NotificationEntry<Params>['to']>(
  entry: NotificationEntry<Params> & { readonly to: To },
): NotificationEntry<Params> & { readonly to: To } {
  return entry;
}
