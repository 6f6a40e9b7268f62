// The user's own programs: the message for a missing one, with a link to install it.

export type Tool = 'kubectl' | 'istioctl';

/** Where a tool was found, or why it was not, in one sentence that names what was tried. */
export type FoundExecutable =
  | { readonly found: true; readonly path: string }
  | { readonly found: false; readonly reason: string };

const install: { readonly [T in Tool]: { readonly what: string; readonly page: string } } = {
  kubectl: { what: 'Install kubectl', page: 'https://kubernetes.io/docs/tasks/tools/' },
  istioctl: {
    what: 'Install istioctl in the version of your mesh',
    page: 'https://istio.io/latest/docs/setup/getting-started/#download',
  },
};

/** What to do about a tool that is missing, on the command line and in the editor. */
export function installAdvice(tool: Tool): string {
  return `${install[tool].what} (${installPage(tool)}), or add the folder that has it to PATH.`;
}

/** The page with the installation of a tool. */
export function installPage(tool: Tool): string {
  return install[tool].page;
}

/** The setting that names a tool's executable. */
export function settingOf(tool: Tool): string {
  return `istioEgress.${tool}Path`;
}
