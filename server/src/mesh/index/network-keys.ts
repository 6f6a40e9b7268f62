// The keys of the addresses that a resource lists.
import type { Field } from '../../model/field.ts';
import type { AnyResource } from '../../model/resource.ts';
import { networkOf } from '../../names/addresses.ts';

type Addresses = readonly (Field<string> | undefined)[];

export function endpointAddresses(resource: AnyResource<'ServiceEntry' | 'WorkloadEntry'>): Addresses {
  return resource.kind === 'ServiceEntry'
    ? resource.spec.endpoints.map(({ address }) => address)
    : [resource.spec.address];
}

/** None for what is not an address, such as a name. */
export function networkKeys(addresses: Addresses, keyOf: (network: string) => string): readonly string[] {
  if (addresses.length === 0) return none;
  return addresses.flatMap((address) => {
    const network = address && networkOf(address.value);
    return network === undefined ? [] : [keyOf(network)];
  });
}

const none: readonly string[] = [];
