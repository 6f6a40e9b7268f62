import { namespaceNameFault } from '../../../server/src/cluster/tools/name-faults.ts';

/** The item of a list of namespaces for the typed text; without a value if it is not a valid name. */
export function typedNamespace(text: string) {
  const fault = namespaceNameFault(text);
  return fault === undefined
    ? { label: text, description: 'as typed', alwaysShow: true, value: text }
    : { label: text, detail: fault, alwaysShow: true, value: undefined };
}
