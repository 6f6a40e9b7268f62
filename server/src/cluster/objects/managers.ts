// The field managers of an object (metadata.managedFields).
import { listAt, stringAt } from '../tools/parse-json.ts';

/** Names of the managers of any field except status, without the given ones and without Istio's controllers. */
export function otherManagers(object: object, known: readonly string[]): readonly string[] {
  const names = listAt(object, 'metadata', 'managedFields')
    .filter((entry) => stringAt(entry, 'subresource') === undefined)
    .flatMap((entry) => stringAt(entry, 'manager') ?? []);
  return [...new Set(names)].filter((name) => !known.includes(name) && !isController(name));
}

// istio@86c9f01 pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go: the name of a managed controller, or of its program
function isController(name: string): boolean {
  return name.startsWith('istio.io/') || name === 'pilot-discovery' || name === 'kube-controller-manager';
}
