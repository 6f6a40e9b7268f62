// Where routes of a VirtualService go, and the names of Gateways. istio@86c9f01 pkg/config/validation/validation.go validateDestination, validateGatewayNames.
import { discouraged, refused, refusedKey, type Fault } from './combination-check.ts';
import { isDnsLabel, isDomain, isWildcardDomain } from '../../names/domains.ts';
import { isPlaceholder } from '../../model/placeholders.ts';
import { each, field, isText, number, text, type Place } from './field-place.ts';

export function* destinationFaults(destination: Place): Generator<Fault> {
  if (destination.node?.kind !== 'map') return;
  const [host, subset, port] = ['host', 'subset', 'port'].map((name) => field(destination, name)) as [
    Place,
    Place,
    Place,
  ];
  if (isText(host) && !isPlaceholder(text(host)) && (text(host) === '*' || !isWildcardDomain(text(host))))
    yield refused(host, `"${text(host)}" is not a valid destination host, such as httpbin.org.`);
  if (text(subset) !== '' && !isPlaceholder(text(subset)) && !isDnsLabel(text(subset)))
    yield refused(subset, `"${text(subset)}" is not a valid subset name: use at most 63 letters, digits and "-".`);
  if (port.node?.kind === 'map') yield* portFault(port);
}

function* portFault(port: Place): Generator<Fault> {
  const value = number(port, 'number') ?? 0;
  if (value < 1 || value > 65535)
    yield refusedKey(
      field(port, 'number').node ? field(port, 'number') : port,
      'A port must be a number from 1 to 65535.',
    );
}

/** The destinations of one route, with their weights. */
export function* destinationsFaults(list: Place): Generator<Fault> {
  const items = each(list).filter(({ node }) => node?.kind === 'map');
  for (const item of items) {
    if ((number(item, 'weight') ?? 0) < 0) yield refused(field(item, 'weight'), 'A weight must not be negative.');
    yield* destinationFaults(field(item, 'destination'));
  }
  const sum = items.reduce((total, item) => total + (number(item, 'weight') ?? 0), 0);
  if (items.length > 1 && sum === 0)
    yield refusedKey(list, 'Several destinations need a `weight`: the sum of the weights is 0.');
}

/** Nothing is said behind the first name without a namespace, as istiod stops there. */
export function* gatewayNameFaults(list: Place): Generator<Fault> {
  for (const item of each(list)) {
    const name = text(item);
    if (!isText(item) || isPlaceholder(name)) continue;
    const slash = name.indexOf('/');
    const isNamed = slash >= 0 ? isDnsLabel(name.slice(0, slash)) && isDnsLabel(name.slice(slash + 1)) : isDomain(name);
    if (!isNamed) yield refused(item, `"${name}" is not a valid Gateway name: write NAMESPACE/NAME or NAME.`);
    else if (slash < 0 && name.includes('.'))
      yield discouraged(
        item,
        `Write a Gateway in another namespace as NAMESPACE/NAME: ${name.split('.').slice(0, 2).toReversed().join('/')}.`,
      );
    if (slash < 0) return;
  }
}
