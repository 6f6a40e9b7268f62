// Activation that desktop and web share.
import { commands, window, workspace, type Disposable, type ExtensionContext, type LogOutputChannel } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { Live } from './cluster/live.ts';
import { registerStatuses } from './cluster/statuses.ts';
import { registerTexts } from './cluster/texts.ts';
import { checkWorkspace } from './commands/check-workspace.ts';
import { explainLogLine } from './commands/explain-log-line.ts';
import { filterGatewayLogs, proposePolicy, stopFollowingLogs } from './commands/gateway-log.ts';
import { restartServer } from './commands/restart-server.ts';
import { runTests } from './commands/run-tests.ts';
import { showAccess } from './commands/show-access.ts';
import { showOutput } from './commands/show-output.ts';
import { traceRequest } from './commands/trace-request.ts';
import type { EgressCommand, EgressContext } from './extension-context.ts';
import { Answers } from './documents/answers.ts';
import { LogView } from './logs/log-view.ts';
import { registerRulePages } from './rule-pages.ts';
import { Server } from './language-server.ts';
import { registerRunLens } from './tests/run-lens.ts';
import { createTests } from './tests/run-tests.ts';
import { newManifest, openResource } from './commands/view-commands.ts';
import { showDifference } from './view/show-difference.ts';
import { registerView, type EgressView } from './view/view.ts';

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

export function activateOn(host: Host, { subscriptions, workspaceState: memory }: ExtensionContext): Api {
  const output = window.createOutputChannel('Istio Egress', { log: true });
  const server = new Server(() => host.createClient(output), output);
  const answers = new Answers();
  const egress: EgressContext = {
    output,
    server,
    answers,
    tests: createTests(server),
    logs: new LogView(answers),
    live: new Live(),
    memory,
  };
  subscriptions.push(
    output,
    registerRulePages(server),
    egress.answers,
    egress.tests,
    egress.logs,
    egress.live,
    registerRunLens(),
  );
  const view = registerView(egress, host.name === 'node');
  subscriptions.push(
    view,
    commands.registerCommand('istioEgress.refreshView', view.refresh),
    registerTexts(egress),
    registerStatuses(egress),
  );
  subscriptions.push(...(host.parts?.(egress) ?? []));
  const everywhere = [
    checkWorkspace,
    traceRequest,
    showAccess,
    explainLogLine,
    runTests,
    restartServer,
    showOutput,
    stopFollowingLogs,
    filterGatewayLogs,
    proposePolicy,
    openResource,
    newManifest,
    showDifference,
  ];
  for (const command of [...everywhere, ...host.commands]) subscriptions.push(register(command, egress));
  const ready = server.start();
  ready.catch(() => undefined); // told where it happened
  subscriptions.push(
    { dispose: () => server.stop() },
    workspace.onDidGrantWorkspaceTrust(() => server.notify('istioEgress/trust')),
  );
  return { host: host.name, ready, view };
}

function register({ id, run }: EgressCommand, egress: EgressContext) {
  return commands.registerCommand(id, (given?: unknown, more?: unknown) => run(egress, given, more));
}
