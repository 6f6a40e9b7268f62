// istio@86c9f01 pkg/config/validation/validation.go ValidateVirtualService and below; virtualservice.go.
import {
  discouraged,
  refused,
  refusedKey,
  ofField,
  type Check,
  type Fault,
  type Subject,
} from './combination-check.ts';
import { exportTo, labelFaults } from './common.ts';
import { destinationsFaults, gatewayNameFaults } from './destinations.ts';
import { isIpAddress, isAddressOrRange } from '../../names/addresses.ts';
import { isPlaceholder } from '../../model/placeholders.ts';
import { isWildcardDomain } from '../../names/domains.ts';
import { coversAsWritten } from '../../names/hosts.ts';
import { earlierOverlaps } from '../../names/overlapping-hosts.ts';
import { each, field, has, isText, text, type Place } from './field-place.ts';
import { unreachableRoutes } from './unreachable-routes.ts';
import { httpDetails, portFault } from './virtual-service-details.ts';

export const virtualServiceChecks: readonly Check[] = [
  routesAtAll,
  hosts,
  httpRoutes,
  otherRoutes,
  httpDetails,
  unreachableRoutes,
  ofField('exportTo', (subject) => exportTo(subject, { allowsNone: false })),
];

function* routesAtAll({ spec }: Subject): Generator<Fault> {
  if (!['http', 'tls', 'tcp'].some((name) => has(spec, name)))
    yield refusedKey(spec, 'A VirtualService needs routes in `http`, `tls` or `tcp`.');
  if (has(spec, 'hosts')) return;
  for (const name of ['gateways', 'tls', 'tcp']) {
    if (has(spec, name))
      yield refusedKey(
        field(spec, name),
        `A VirtualService without hosts is a delegate and must not have \`${name}\`.`,
      );
  }
}

function* hosts({ spec }: Subject): Generator<Fault> {
  yield* gatewayNameFaults(field(spec, 'gateways'));
  const gateways = each(spec, 'gateways').map((gateway) => text(gateway));
  const isForMesh = gateways.length === 0 || gateways.includes('mesh');
  const all = each(spec, 'hosts').filter((host) => isText(host) && !isPlaceholder(text(host)));
  const twins = earlierOverlaps(all.map((host) => text(host)));
  for (const [i, host] of all.entries()) {
    const name = text(host);
    const isSni = name.startsWith('outbound_') && !isForMesh;
    if (!isWildcardDomain(name) && !isIpAddress(name) && !isSni)
      yield refused(
        host,
        `"${name}" is not a valid host: use DNS labels separated by dots, such as httpbin.org or *.example.com.`,
      );
    else if (name === '*' && isForMesh)
      yield refused(host, 'The host `*` is allowed only for Gateways, not for `mesh`.');
    const twin = twins[i];
    if (twin !== undefined) yield refused(host, `${name} and ${twin} mean the same host, listed twice.`);
  }
}

function* httpRoutes({ spec }: Subject): Generator<Fault> {
  for (const route of each(spec, 'http'))
    if (route.node?.kind === 'map') yield* httpRouteFaults(route, has(spec, 'hosts'));
}

function* httpRouteFaults(route: Place, isRoot: boolean): Generator<Fault> {
  const [to, redirect, direct, delegate] = ['route', 'redirect', 'directResponse', 'delegate'].map((name) =>
    field(route, name),
  ) as [Place, Place, Place, Place];
  const answers = [to, redirect, direct].filter((place) => has(place));
  if (answers.length > 1)
    yield refusedKey(
      answers[1]!,
      `Only one of \`route\`, \`redirect\` and \`directResponse\` may be set; \`${String(answers[0]!.path.at(-1))}\` is set too.`,
    );
  if (delegate.node && has(to)) yield refusedKey(to, 'A route with `delegate` must not have `route`.');
  if (redirect.node && !['uri', 'authority', 'scheme', 'port', 'derivePort'].some((name) => has(redirect, name)))
    yield refusedKey(redirect, 'A redirect needs `uri`, `authority`, `scheme` or `port`.');
  if (answers.length === 0 && !delegate.node)
    yield refusedKey(route, 'A route needs `route`, `redirect`, `directResponse` or `delegate`.');
  yield* exclusionFaults(route, redirect);
  yield* delegateFaults(delegate, redirect, isRoot);
  yield* destinationsFaults(to);
}

function* exclusionFaults(route: Place, redirect: Place): Generator<Fault> {
  if (has(redirect))
    for (const name of ['fault', 'rewrite'])
      if (has(route, name)) yield refusedKey(field(route, name), `\`${name}\` is not allowed with \`redirect\`.`);
  if (has(route, 'mirror') && has(route, 'mirrors'))
    yield refusedKey(field(route, 'mirrors'), 'Only one of `mirror` and `mirrors` may be set.');
}

function* delegateFaults(delegate: Place, redirect: Place, isRoot: boolean): Generator<Fault> {
  if (delegate.node && isRoot && redirect.node)
    yield refusedKey(redirect, 'A route with `delegate` must not have `redirect`.');
  if (delegate.node && !isRoot) yield refusedKey(delegate, 'A delegate VirtualService must not have `delegate`.');
}

function* otherRoutes({ spec }: Subject): Generator<Fault> {
  for (const route of each(spec, 'tls')) {
    if (route.node?.kind === 'map' && !has(route, 'match'))
      yield refusedKey(route, 'A TLS route needs a `match` with `sniHosts`.');
    for (const match of each(route, 'match')) {
      if (match.node?.kind === 'map' && !has(match, 'sniHosts'))
        yield refusedKey(match, 'A match of a TLS route needs `sniHosts`.');
      for (const name of each(match, 'sniHosts')) yield* sniFault(name, spec);
    }
  }
  for (const route of [...each(spec, 'tls'), ...each(spec, 'tcp')]) {
    if (route.node?.kind === 'map' && !has(route, 'route'))
      yield refusedKey(route, '`route` is missing: a route needs a destination.');
    for (const match of each(route, 'match')) yield* matchFaults(match, route.path.includes('tls'));
    yield* destinationsFaults(field(route, 'route'));
  }
}

/** A name that one of the hosts is, or is a wildcard over. istio@86c9f01 pkg/config/host/name.go SubsetOf. */
function isUnder(name: string, spec: Place): boolean {
  return each(spec, 'hosts')
    .map((host) => text(host))
    .some((host) => coversAsWritten(host, name));
}

function* sniFault(at: Place, spec: Place): Generator<Fault> {
  const name = text(at);
  if (!isText(at) || isPlaceholder(name)) return;
  if (isIpAddress(name)) yield discouraged(at, `${name} is an IP address: TLS uses server names, not addresses.`);
  else if (!isWildcardDomain(name) && !name.startsWith('outbound_'))
    yield refused(at, `"${name}" is not a valid host, such as httpbin.org.`);
  else if (!isUnder(name, spec)) yield refused(at, `${name} is not one of the hosts of this VirtualService.`);
}

function* matchFaults(match: Place, isTls: boolean): Generator<Fault> {
  for (const range of each(match, 'destinationSubnets'))
    if (isText(range) && !isAddressOrRange(text(range)))
      yield refused(range, `"${text(range)}" is not a valid IP address or CIDR range, such as 10.0.0.0/8.`);
  yield* portFault(field(match, 'port'), true);
  yield* labelFaults(field(match, 'sourceLabels'));
  // For TCP routes istiod gives no warnings for gateways: validateTCPMatch returns only errors.
  for (const fault of gatewayNameFaults(field(match, 'gateways'))) if (isTls || fault.severity === 'error') yield fault;
}
