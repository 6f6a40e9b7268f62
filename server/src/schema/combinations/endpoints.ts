// istio@86c9f01 pkg/config/validation/validation.go ValidateServiceEntry, validateWorkloadEntry.
import { discouraged, refused, refusedKey, type Fault, type Subject } from './combination-check.ts';
import { labelFaults } from './common.ts';
import { isIpAddress } from '../../names/addresses.ts';
import { isDnsLabel, isDomain } from '../../names/domains.ts';
import { isPlaceholder } from '../../model/placeholders.ts';
import { each, entries, field, has, text, type Place } from './field-place.ts';

export function* endpointFaults(subject: Subject): Generator<Fault> {
  const { spec } = subject;
  const resolution = text(spec, 'resolution') || 'NONE';
  const endpoints = each(spec, 'endpoints');
  // Even an empty list is refused, by the CRD.
  if (resolution === 'NONE' && field(spec, 'endpoints').node) {
    yield refusedKey(
      field(spec, 'endpoints'),
      'With resolution NONE `endpoints` must not be set: requests go to the address that the client calls.',
    );
    return;
  }
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1)
    yield refused(endpoints[1]!, 'With resolution DNS_ROUND_ROBIN at most one endpoint is allowed.');
  if (resolution === 'DYNAMIC_DNS') return;
  const ports = each(spec, 'ports');
  const names = new Set(ports.map((port) => text(port, 'name')));
  for (const endpoint of endpoints) {
    if (endpoint.node?.kind !== 'map') continue;
    yield* addressFaults(endpoint, resolution, ports.length);
    yield* portFaults(endpoint, names);
  }
}

function* addressFaults(endpoint: Place, resolution: string, ports: number): Generator<Fault> {
  const place = field(endpoint, 'address');
  const address = text(place);
  if (isPlaceholder(address)) return;
  if (address === '') {
    if (!has(endpoint, 'network') || resolution !== 'STATIC')
      yield refusedKey(endpoint, 'An endpoint needs an `address`.');
    else
      yield discouraged(
        field(endpoint, 'network'),
        "The endpoint has a network and no `address`: its traffic goes to the network's gateway.",
      );
  } else if (resolution !== 'STATIC') {
    if (!isIpAddress(address) && !isDomain(address))
      yield refused(place, `"${address}" is not a valid IP address or host name.`);
  } else if (!address.startsWith('unix://')) {
    if (!isIpAddress(address))
      yield refused(place, `With resolution STATIC an endpoint needs an IP address, and "${address}" is not one.`);
  } else {
    if (!/^unix:\/\/[/@].*[^/]$/.test(address))
      yield refused(place, `"${address}" is not a valid socket: it must begin with / or @ and must not be a folder.`);
    if (has(endpoint, 'ports'))
      yield refusedKey(field(endpoint, 'ports'), 'An endpoint that is a socket must not have `ports`.');
    if (ports !== 1) yield refused(place, 'An endpoint that is a socket needs a ServiceEntry with exactly one port.');
  }
}

function* portFaults(endpoint: Place, names: ReadonlySet<string>): Generator<Fault> {
  yield* labelFaults(field(endpoint, 'labels'));
  for (const { key, place } of entries(field(endpoint, 'ports'))) {
    if (!names.has(key)) yield refusedKey(place, `The ServiceEntry has no port named ${key}.`);
    else if (!isDnsLabel(key))
      yield refusedKey(place, `"${key}" is not a valid port name: use letters, digits and "-".`);
  }
}
