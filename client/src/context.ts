// The one object that is handed along: what commands and views may use.
import type { LogOutputChannel } from 'vscode';
import type { Server } from './server.ts';

export interface EgressContext {
  readonly output: LogOutputChannel;
  readonly server: Server;
}

/** A command of the palette; its title stands in package.json. */
export interface EgressCommand {
  readonly id: string;
  readonly run: (egress: EgressContext) => unknown;
}
