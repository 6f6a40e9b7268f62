// Activation and deactivation that desktop and web share.
import { commands, window, workspace, type Disposable, type ExtensionContext, type LogOutputChannel } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { registerAgentTools } from './agent-tools.ts';
import { Live } from './cluster/live.ts';
import { registerStatuses } from './cluster/statuses.ts';
import { registerTexts } from './cluster/texts.ts';
import { commandsEverywhere } from './commands/everywhere.ts';
import type { EgressCommand, EgressContext } from './extension-context.ts';
import { Answers } from './documents/answers.ts';
import { LogStore } from './logs/log-store.ts';
import { LogView } from './logs/log-view.ts';
import { registerRulePages } from './rule-pages.ts';
import { runInBackground } from './run-in-background.ts';
import { registerEditEffect } from './status/edit-effect.ts';
import { Server } from './language-server.ts';
import { registerRunLens } from './tests/run-lens.ts';
import { createTests } from './tests/run-tests.ts';
import { visibleOutput } from './ui/visible-output.ts';
import { registerView, type EgressView } from './view/view.ts';
import { Webviews } from './webviews/kit/webviews.ts';
import { webviews as allWebviews } from './webviews/views.ts';

export interface Host {
  readonly name: 'node' | 'web';
  readonly createClient: (output: LogOutputChannel) => BaseLanguageClient | Promise<BaseLanguageClient>;
  /** Commands that only this host can carry out. */
  readonly commands: readonly EgressCommand[];
  /** What else only this host has. */
  readonly parts?: (egress: EgressContext) => readonly Disposable[];
}

/** What `activate` gives to the caller for the extension's exports. */
export interface Api {
  readonly host: Host['name'];
  /** Resolves when the server runs, rejects when it does not start. Waking up does not wait for it. */
  readonly ready: Promise<void>;
  readonly view: EgressView;
}

/** Of this extension host, while the extension is active. */
let running: Server | undefined;

export function activateOn(host: Host, context: ExtensionContext): Api {
  const { subscriptions, workspaceState: memory } = context;
  const output = visibleOutput(window.createOutputChannel('Istio Egress', { log: true }));
  const server = new Server(() => host.createClient(output), output);
  running = server;
  const live = new Live();
  const view = registerView({ server, live, output }, host.name === 'node');
  const answers = new Answers();
  const tests = createTests(server);
  const log = new LogStore();
  const logs = new LogView(log, answers, output);
  const webviews = new Webviews(context, allWebviews);
  const showWebview: EgressContext['showWebview'] = (one, given) => webviews.show(egress, one.name, given);
  const egress: EgressContext = { output, server, answers, tests, log, logs, live, view, showWebview, memory };
  subscriptions.push(output, answers, tests, logs, log, live, view, webviews, ...webviews.restore(egress));
  subscriptions.push(registerRulePages(server), registerRunLens(), registerTexts(egress), registerStatuses(egress));
  subscriptions.push(registerEditEffect(egress), registerAgentTools(egress), ...(host.parts?.(egress) ?? []));
  for (const command of [...commandsEverywhere, ...host.commands]) subscriptions.push(register(command, egress));
  const ready = server.start();
  ready.catch(() => undefined); // reported where it happened
  subscriptions.push(
    workspace.onDidGrantWorkspaceTrust(() =>
      runInBackground(output, 'telling the server of trust', server.notify('istioEgress/trust')),
    ),
  );
  return { host: host.name, ready, view };
}

/** VS Code waits for this before it ends the extension host, so that no server outlives it. */
export async function deactivate(): Promise<void> {
  await running?.stop();
  running = undefined;
}

function register({ id, run }: EgressCommand, egress: EgressContext): Disposable {
  return commands.registerCommand(id, (given?: unknown, more?: unknown) => run(egress, given, more));
}
