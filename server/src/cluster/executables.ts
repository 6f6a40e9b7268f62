// The programs this extension runs for the user are the user's own. How one that is missing is named, and where to get it.
import type { Problem } from './problem.ts';

export type Tool = 'kubectl' | 'istioctl';

/** Where a tool was found, or why it was not, in one sentence that names what was tried. */
export type FoundExecutable = { readonly found: true; readonly path: string } | { readonly found: false; readonly reason: string };

const install: { readonly [T in Tool]: string } = {
  kubectl: 'Install kubectl (https://kubernetes.io/docs/tasks/tools/)',
  istioctl: 'Install istioctl of your mesh\'s version (https://istio.io/latest/docs/setup/getting-started/#download)',
};

/** The setting that names a tool's executable. */
export function settingOf(tool: Tool): string {
  return `istioEgress.${tool}.path`;
}

export function missingTool(tool: Tool, reason: string): Problem {
  return {
    kind: 'not-installed',
    message: `${tool} cannot be run: ${reason}`,
    advice: `${install[tool]}, or set ${settingOf(tool)} to where it is.`,
  };
}
