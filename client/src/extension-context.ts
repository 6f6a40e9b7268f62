// The context object that all commands and views share.
import type { LogOutputChannel, Memento } from 'vscode';
import type { Live } from './cluster/live.ts';
import type { Answers } from './documents/answers.ts';
import type { LogView } from './logs/log-view.ts';
import type { Server } from './language-server.ts';
import type { EgressTests } from './tests/run-tests.ts';

export interface EgressContext {
  readonly output: LogOutputChannel;
  readonly server: Server;
  readonly answers: Answers;
  readonly tests: EgressTests;
  readonly logs: LogView;
  readonly live: Live;
  readonly view: { readonly refresh: () => void };
  /** Of this workspace. */
  readonly memory: Memento;
}

/** A command of the palette; its title stands in package.json. */
export interface EgressCommand {
  readonly id: string;
  /** `given` is what the code that runs it passes, unchecked; `more` the whole selection where a menu tells it. */
  readonly run: (egress: EgressContext, given?: unknown, more?: unknown) => unknown;
}
