// Checks names by the rules of Kubernetes and istioctl before they are put into a command.
import { isKubernetesLabel, isSubdomain } from '../../names/kubernetes-names.ts';

/** Gives the fault of a namespace's name in one sentence, or undefined. */
export function namespaceNameFault(name: string): string | undefined {
  return labelFault('namespace', name);
}

/**
 * Gives the fault of a waypoint's name in one sentence, or undefined.
 * Stricter than a Gateway's own name: it becomes the name of a Service and the value of a label, so no dots and at most 63 characters.
 */
export function waypointNameFault(name: string): string | undefined {
  // istio@86c9f01 istioctl/pkg/waypoint/waypoint.go makeGateway: `none` is refused; as a label value it means "no waypoint".
  if (name === 'none')
    return 'The name "none" is reserved: as a value of istio.io/use-waypoint it means "no waypoint".';
  return labelFault('waypoint', name);
}

/** A context's name is free text, so it only has to be there and on one line. */
export function contextNameFault(name: string): string | undefined {
  if (name === '') return 'No context is chosen.';
  return /[\0\r\n]/.test(name) ? 'The name of the context contains a line break.' : undefined;
}

/** A pod's name may have dots, and more characters than a label. */
export function podNameFault(name: string): string | undefined {
  if (isSubdomain(name)) return undefined;
  return `"${name}" is not a valid pod name.`;
}

export function containerNameFault(name: string): string | undefined {
  return labelFault('container', name);
}

function labelFault(what: string, name: string): string | undefined {
  if (name === '') return `The name of the ${what} is empty.`;
  if (name.length > 63) return `The name of the ${what} has ${name.length} characters; at most 63 are allowed.`;
  if (isKubernetesLabel(name)) return undefined;
  return `"${name}" is not a valid ${what} name: use lower-case letters, digits and "-", and start and end with a letter or a digit.`;
}
