// Values that sources, operations and conditions share. istio@86c9f01 pkg/config/security/security.go.
import { refused, type Fault } from './combination-check.ts';
import type { Place } from './field-place.ts';

/** CheckServiceAccount. */
export function* accountFault(item: Place, value: string): Generator<Fault> {
  if (value.includes('*')) yield refused(item, '`*` is not allowed in a service account.');
  else if (!/^[^/]+(\/[^/]+)?$/.test(value))
    yield refused(item, `"${value}" is not a valid service account: write ACCOUNT or NAMESPACE/ACCOUNT.`);
}

/** ValidatePorts. */
export function isPort(value: string): boolean {
  return /^\d+$/.test(value) && Number(value) <= 65535;
}
