// What an extension and the page of one of its webviews say to each other. Both sides check each message, and neither needs the other's modules.
import type { Reader } from '../../../../server/src/lsp/protocol/read.ts';
import {
  anything,
  flag,
  nullable,
  object,
  oneOf,
  optional,
  readIfValid,
  text,
} from '../../../../server/src/lsp/protocol/read.ts';

/** A reader for each message, by its name. */
export type Readers<Messages> = { readonly [K in keyof Messages]: Reader<Messages[K]> };

/** A function for each message, by its name. */
export type Handlers<Messages> = { readonly [K in keyof Messages]: (body: Messages[K]) => unknown };

export interface Protocol<ToPage, ToHost> {
  /** Names the view (`istioEgress.NAME` in VS Code) and its bundle (`dist/pages/NAME.js`). */
  readonly name: string;
  readonly toPage: Readers<ToPage>;
  readonly toHost: Readers<ToHost>;
}

/** The page asks for everything: it is new, or it was hidden and has been loaded again. */
export const readyMessage = 'ready';

/** What a view shows above everything else; `null` takes it away. */
export const noticeMessage = 'kit.notice';
/** Asks for one of these commands. */
export const runMessage = 'kit.run';
const kitCommands = ['restartServer', 'showOutput', 'newRoute', 'openSample', 'traceRequest'] as const;
export type KitCommand = (typeof kitCommands)[number];
export const readKitCommand: Reader<{ readonly body: KitCommand }> = object({ body: oneOf(...kitCommands) });

export interface Notice {
  readonly text: string;
  /** Nothing can be answered until the language server is started again. */
  readonly isStopped: boolean;
}

export const readNotice: Reader<Notice | null> = nullable(object<Notice>({ text, isStopped: flag }));

const envelope: Reader<{ readonly type: string; readonly body?: unknown }> = object({
  type: text,
  body: optional(anything),
});

/** The name of a message; undefined for what is not one. */
export function typeOf(message: unknown): string | undefined {
  return readIfValid(envelope, message)?.type;
}

/** Checks a message and calls its handler; throws `MalformedInput` where the body has another shape. */
export function dispatch<Messages>(
  readers: Readers<Messages>,
  handlers: Handlers<Messages>,
  message: unknown,
): unknown {
  const { type, body } = envelope(message, '');
  if (!isNameIn(readers, type)) throw new Error(`unknown message ${JSON.stringify(type.slice(0, 60))}`);
  return handlers[type](readers[type](body, type));
}

function isNameIn<Messages>(readers: Readers<Messages>, name: string): name is keyof Messages & string {
  return Object.hasOwn(readers, name);
}

/** What the page finds in its HTML when it starts. */
export interface Start {
  /** What the view was opened with, such as the request of a trace; plain data. */
  readonly given: unknown;
}

/** What VS Code keeps for a page and gives back after a reload of the window. */
export interface Kept {
  readonly given: unknown;
  readonly state: unknown;
}

export const readKept: Reader<Kept> = object<Kept>({
  given: (value) => value ?? null,
  state: (value) => value ?? null,
});
