// The context object that all commands and views share.
import type { LogOutputChannel, Memento } from 'vscode';
import type { Live } from './cluster/live.ts';
import type { Answers } from './documents/answers.ts';
import type { LogStore } from './logs/log-store.ts';
import type { LogView } from './logs/log-view.ts';
import type { Server } from './language-server.ts';
import type { EgressTests } from './tests/run-tests.ts';

export interface EgressContext {
  readonly output: LogOutputChannel;
  readonly server: Server;
  readonly answers: Answers;
  readonly tests: EgressTests;
  /** The log that is followed. */
  readonly log: LogStore;
  /** It as text. */
  readonly logs: LogView;
  readonly live: Live;
  /** Opens a webview by its protocol, or shows it where it is open; `given` is plain data, kept over reloads of the window. */
  readonly showWebview: (view: { readonly name: string }, given?: unknown) => void;
  readonly view: { readonly refresh: () => void };
  /** Of this workspace. */
  readonly memory: Memento;
}

/** A command of the palette; its title is in package.json. */
export interface EgressCommand {
  readonly id: string;
  /** `given` is the unchecked argument of the caller; `more` is the whole selection of a menu. */
  readonly run: (egress: EgressContext, given?: unknown, more?: unknown) => unknown;
}
