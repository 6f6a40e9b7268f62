// Finds the user's own kubectl and istioctl and runs them; tells the user what to do if one is missing.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { commands, env, Uri, workspace } from 'vscode';
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import { installPage, settingOf, type Tool } from '../../../server/src/cluster/tools/executables.ts';
import { missingTool } from '../../../server/src/cluster/tools/problem.ts';
import type { Tools } from '../../../server/src/cluster/tools/target.ts';
import type { EgressContext } from '../extension-context.ts';
import { runInBackground } from '../run-in-background.ts';
import { logged } from '../ui/output-log.ts';
import { showPlain } from '../ui/show-plain.ts';
import { findExecutable } from '../../../server/src/host/node/find-executable.ts';
import { nodeRun } from '../../../server/src/host/node/run.ts';
import { kubeconfigOfExtension } from './kubernetes-extension.ts';

/** The user's programs, and how commands that only read are run. */
export interface ClusterAccess {
  readonly tools: Tools;
  readonly run: Run;
}

type WithOutput = Pick<EgressContext, 'output'>;

/** Undefined if one of them is missing; the user got a message. */
export function findTools(egress: WithOutput): Tools | undefined {
  const kubectl = find(egress, 'kubectl');
  const istioctl = kubectl === undefined ? undefined : find(egress, 'istioctl');
  return kubectl === undefined || istioctl === undefined ? undefined : { kubectl, istioctl };
}

/** For commands that run kubectl only: the other is then a name that nothing runs. */
export function findKubectl(egress: WithOutput): Tools | undefined {
  const kubectl = find(egress, 'kubectl');
  return kubectl === undefined ? undefined : { kubectl, istioctl: 'istioctl' };
}

/** For work in the background: without kubectl there is no message. */
export function findQuietly(): Tools | undefined {
  const found = workspace.isTrusted ? lookFor('kubectl') : undefined;
  return found?.found ? { kubectl: found.path, istioctl: 'istioctl' } : undefined;
}

/** Runs programs with the kubeconfig that the settings name, else the Kubernetes extension's, else the environment's. */
export function userRun(): Run {
  return async (command, options) => {
    const kubeconfig =
      workspace.getConfiguration().get<string>('istioEgress.kubeconfig', '').trim() || (await kubeconfigOfExtension());
    if (kubeconfig === undefined) return nodeRun()(command, options);
    return nodeRun({
      env: {
        ...process.env,
        KUBECONFIG: kubeconfig.startsWith('~/') ? join(homedir(), kubeconfig.slice(2)) : kubeconfig,
      },
    })(command, options);
  };
}

/** For commands that only read: the output shows each command and how it ended. */
export function readingRun({ output }: WithOutput): Run {
  return logged(userRun(), output, { chatty: false });
}

/** For commands that change something: the output shows also what the programs print. */
export function writingRun({ output }: WithOutput): Run {
  return logged(userRun(), output, { chatty: true });
}

function lookFor(tool: Tool) {
  return findExecutable(tool, workspace.getConfiguration().get<string>(settingOf(tool)));
}

function find({ output }: WithOutput, tool: Tool): string | undefined {
  const found = lookFor(tool);
  if (found.found) return found.path;
  runInBackground(output, `${tool} is missing`, tellMissing(tool, found.reason));
  return undefined;
}

async function tellMissing(tool: Tool, reason: string): Promise<void> {
  const { message, advice } = missingTool(tool, reason);
  const settings = 'Open Settings';
  const install = 'How to Install';
  const chosen = await showPlain('error', `${message} ${advice}`, settings, install);
  if (chosen === settings) await commands.executeCommand('workbench.action.openSettings', `@id:${settingOf(tool)}`);
  if (chosen === install) await env.openExternal(Uri.parse(installPage(tool)));
}
