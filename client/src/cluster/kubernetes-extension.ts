// Users who chose a kubeconfig in the Kubernetes extension expect it everywhere.
import { extensions } from 'vscode';
import { kubeconfigFrom } from './kubernetes-extension-path.ts';

const id = 'ms-kubernetes-tools.vscode-kubernetes-tools';

/** Asked each time, as the choice may have changed; wakes it up where it is installed. */
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
