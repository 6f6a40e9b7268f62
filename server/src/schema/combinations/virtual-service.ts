// istio@86c9f01 pkg/config/validation/validation.go ValidateVirtualService and below; virtualservice.go.
import { refused, refusedKey, type Check, type Fault, type Subject } from './check.ts';
import { exportTo } from './common.ts';
import { isAddress, isPlaceholder, isWildcardDomain, overlap } from './names.ts';
import { each, field, has, isText, number, text, type Place } from './place.ts';

export const virtualServiceChecks: readonly Check[] = [routesAtAll, hosts, httpRoutes, otherRoutes, (subject) => exportTo(subject, { nobody: false })];

function* routesAtAll({ spec }: Subject): Generator<Fault> {
  if (!['http', 'tls', 'tcp'].some((name) => has(spec, name))) yield refusedKey(spec, 'A VirtualService has routes in `http`, `tls` or `tcp`.');
  if (has(spec, 'hosts')) return;
  for (const name of ['gateways', 'tls', 'tcp']) {
    if (has(spec, name)) yield refusedKey(field(spec, name), `A VirtualService without hosts is delegated to, and then has no \`${name}\`.`);
  }
}

function* hosts({ spec }: Subject): Generator<Fault> {
  for (const gateway of each(spec, 'gateways')) if (text(gateway).split('/').length > 2) yield refused(gateway, 'A Gateway is named NAMESPACE/NAME, or by its name alone.');
  const gateways = each(spec, 'gateways').map((gateway) => text(gateway));
  const isForMesh = gateways.length === 0 || gateways.includes('mesh');
  const all = each(spec, 'hosts').filter((host) => isText(host) && !isPlaceholder(text(host)));
  for (const [i, host] of all.entries()) {
    const name = text(host);
    const isSni = name.startsWith('outbound_') && !isForMesh;
    if (!isWildcardDomain(name) && !isAddress(name) && !isSni) yield refused(host, `"${name}" is no host: labels of letters, digits and "-", with dots between, of which only the first may have a \`*\`.`);
    else if (name === '*' && isForMesh) yield refused(host, 'The host `*` goes with Gateways only, not with the mesh.');
    const twin = all.slice(0, i).find((other) => overlap(text(other), name));
    if (twin) yield refused(host, `${name} and ${text(twin)} are hosts of one VirtualService twice.`);
  }
}

function* httpRoutes({ spec }: Subject): Generator<Fault> {
  for (const route of each(spec, 'http')) {
    if (route.node?.kind !== 'map') continue;
    const [to, redirect, direct, delegate] = ['route', 'redirect', 'directResponse', 'delegate'].map((name) => field(route, name)) as [Place, Place, Place, Place];
    const answers = [to, redirect, direct].filter((place) => has(place));
    if (answers.length > 1) yield refusedKey(answers[1]!, `Only one of \`route\`, \`redirect\` and \`directResponse\` may be set, and \`${String(answers[0]!.path.at(-1))}\` is.`);
    if (delegate.node && has(to)) yield refusedKey(to, 'A route that delegates has no `route` of its own.');
    if (redirect.node && !['uri', 'authority', 'scheme', 'port', 'derivePort'].some((name) => has(redirect, name))) yield refusedKey(redirect, 'A redirect changes something: `uri`, `authority`, `scheme` or `port`.');
    if (answers.length === 0 && !delegate.node) yield refusedKey(route, 'A route says where requests go: `route`, `redirect`, `directResponse` or `delegate`.');
    if (has(redirect)) for (const name of ['fault', 'rewrite']) if (has(route, name)) yield refusedKey(field(route, name), `\`${name}\` does not go with \`redirect\`.`);
    if (has(route, 'mirror') && has(route, 'mirrors')) yield refusedKey(field(route, 'mirrors'), 'Only one of `mirror` and `mirrors` may be set.');
    yield* destinations(to);
  }
}

function* otherRoutes({ spec }: Subject): Generator<Fault> {
  for (const route of each(spec, 'tls')) {
    for (const match of each(route, 'match')) {
      if (match.node?.kind === 'map' && !has(match, 'sniHosts')) yield refusedKey(match, 'A match of a TLS route names `sniHosts`.');
      yield* each(match, 'sniHosts').filter((name) => text(name) !== '' && !isPlaceholder(text(name)) && !isUnder(text(name), spec))
        .map((name) => refused(name, `${text(name)} is not among the hosts of this VirtualService.`));
    }
  }
  for (const route of [...each(spec, 'tls'), ...each(spec, 'tcp')]) {
    if (route.node?.kind === 'map' && !has(route, 'route')) yield refusedKey(route, 'A route says where connections go: `route` is missing.');
    yield* destinations(field(route, 'route'));
  }
}

/** A name that one of the hosts is, or is a wildcard over. istio@86c9f01 pkg/config/host/name.go SubsetOf. */
function isUnder(name: string, spec: Place): boolean {
  return each(spec, 'hosts').map((host) => text(host)).some((host) => host === name || (host.startsWith('*') && name.replace(/^\*/, '').endsWith(host.slice(1))));
}

function* destinations(list: Place): Generator<Fault> {
  for (const item of each(list)) {
    if ((number(item, 'weight') ?? 0) < 0) yield refused(field(item, 'weight'), 'A weight is not negative.');
    const host = field(item, 'destination', 'host');
    if (isPlaceholder(text(host))) continue;
    if (text(host) === '*' || (isText(host) && !isWildcardDomain(text(host)))) yield refused(host, `"${text(host)}" is no host that requests could be sent to.`);
  }
}
