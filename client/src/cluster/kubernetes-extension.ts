// Users who chose a kubeconfig in the Kubernetes extension expect it everywhere.
import { extensions } from 'vscode';
import { kubeconfigFrom } from './kubernetes-extension-path.ts';

const id = 'ms-kubernetes-tools.vscode-kubernetes-tools';

/** Read each time, because the choice may have changed; activates the extension if it is installed. */
export async function kubeconfigOfExtension(): Promise<string | undefined> {
  const extension = extensions.getExtension<unknown>(id);
  return (
    extension &&
    kubeconfigFrom(
      await extension.activate().then(
        (exports) => exports,
        () => undefined,
      ),
    )
  );
}
