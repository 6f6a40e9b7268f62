// The part of the Kubernetes extension's API that is used here: which kubeconfig it works with.
// vscode-kubernetes-tools-api ts/index.ts APIBroker, ts/configuration/v1.ts

/** Undefined if the extension is too old, works inside WSL, or says something else. Never throws. */
export function kubeconfigFrom(broker: unknown): string | undefined {
  try {
    const found = (broker as { get: (component: string, version: string) => unknown } | undefined)?.get(
      'configuration',
      'v1',
    ) as { available?: boolean; api?: { getKubeconfigPath: () => unknown } } | undefined;
    const path =
      found?.available === true
        ? (found.api?.getKubeconfigPath() as { pathType?: unknown; hostPath?: unknown } | undefined)
        : undefined;
    return path?.pathType === 'host' && typeof path.hostPath === 'string' && path.hostPath !== ''
      ? path.hostPath
      : undefined;
  } catch {
    return undefined; // an error of another extension is ignored: the environment's kubeconfig is used
  }
}
