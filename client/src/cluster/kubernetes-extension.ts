// People who chose a kubeconfig in the Kubernetes extension expect it everywhere.
import { extensions } from 'vscode';
import { kubeconfigFrom } from './kubernetes-extension-path.ts';

const id = 'ms-kubernetes-tools.vscode-kubernetes-tools';
let path: string | undefined;

/** Asks it anew, as the choice may have changed; wakes it up where it is installed. */
export async function askKubernetesExtension(): Promise<void> {
  const extension = extensions.getExtension<unknown>(id);
  path = extension && kubeconfigFrom(await extension.activate().then((exports) => exports, () => undefined));
}

/** As it was last told. */
export function kubeconfigOfExtension(): string | undefined {
  return path;
}
