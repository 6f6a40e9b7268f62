// istio@86c9f01 pkg/config/validation/validation.go ValidateWorkloadEntry, and the CEL rules of its CRD.
import { discouraged, refused, refusedKey, type Check, type Fault, type Subject } from './combination-check.ts';
import { labelFaults, socketFaults } from './common.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { isDnsLabel, isDomain } from '../../names/domains.ts';
import { isPlaceholder } from '../../model/placeholders.ts';
import { entries, field, has, text } from './field-place.ts';

export const workloadEntryChecks: readonly Check[] = [address, ports, ({ spec }) => labelFaults(field(spec, 'labels'))];

function* address({ spec }: Subject): Generator<Fault> {
  const place = field(spec, 'address');
  const value = text(place);
  if (isPlaceholder(value)) return;
  if (value === '')
    yield has(spec, 'network')
      ? discouraged(
          field(spec, 'network'),
          "The workload has a network and no `address`: its traffic goes to the network's gateway.",
        )
      : refusedKey(place.node ? place : spec, 'A workload needs an `address`.');
  else if (value.startsWith('unix://')) yield* socketFaults(place, value);
  else if (!isIpAddress(value) && !isDomain(value))
    yield refused(place, `"${value}" is not a valid IP address or host name.`);
}

function* ports({ spec }: Subject): Generator<Fault> {
  const place = field(spec, 'ports');
  // Even an empty map is refused, by the CRD.
  if (text(spec, 'address').startsWith('unix://') && place.node)
    yield refusedKey(place, 'A workload that is a socket must not have `ports`.');
  for (const { key, place: port } of entries(place))
    if (!isDnsLabel(key) || key.length > 62)
      yield refusedKey(port, `"${key}" is not a valid port name: use at most 62 letters, digits and "-".`);
}
