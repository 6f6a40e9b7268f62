// A host's way through an egress gateway of the Gateway API: the listener, the routes to it and from it, and the rule for mutual TLS. Each is
// right, or has one of the faults that people make.
import type { Manifest } from '../manifests.ts';
import type { ApiWay, Place } from './place.ts';
import { apiGateway, istio, object, rootNamespace } from './world.ts';

export interface ApiHop {
  readonly listener: Manifest;
  readonly manifests: readonly Manifest[];
}

interface Form {
  /** Of the listener, and of the client. */
  readonly port: number;
  readonly called: number;
  readonly protocol: string;
  readonly tls?: Manifest;
  readonly toGateway: 'HTTPRoute' | 'TLSRoute' | 'TCPRoute';
  readonly outward: readonly ('HTTPRoute' | 'TLSRoute' | 'TCPRoute')[];
}

const mutual = { mode: 'Terminate', options: { 'gateway.istio.io/tls-terminate-mode': 'ISTIO_MUTUAL' } };

const forms: Readonly<Record<ApiWay, Form>> = {
  'api-http': { port: 80, called: 80, protocol: 'HTTP', toGateway: 'HTTPRoute', outward: ['HTTPRoute'] },
  'api-mutual-http': {
    port: 443,
    called: 80,
    protocol: 'HTTPS',
    tls: mutual,
    toGateway: 'HTTPRoute',
    outward: ['HTTPRoute'],
  },
  'api-passthrough': {
    port: 443,
    called: 443,
    protocol: 'TLS',
    tls: { mode: 'Passthrough' },
    toGateway: 'TLSRoute',
    outward: ['TLSRoute'],
  },
  'api-tcp': { port: 9000, called: 9000, protocol: 'TCP', toGateway: 'TCPRoute', outward: ['TCPRoute'] },
  'api-mutual-tcp': {
    port: 8443,
    called: 443,
    protocol: 'TLS',
    tls: mutual,
    toGateway: 'TLSRoute',
    outward: ['TLSRoute', 'TCPRoute'],
  },
};

export function apiHopOf(place: Place, way: ApiWay): ApiHop {
  const { random, faults, number } = place;
  const form = random.either(faults, random.pick(...Object.values(forms)), forms[way]);
  const kind = random.pick(...form.outward);
  return {
    listener: listenerOf(place, form),
    manifests: [
      random.chance(0.25) ? serviceToGateway(place, form) : toGateway(place, form),
      outward(place, form, kind, `outward-${number}`),
      ...(random.chance(faults) ? [outward(place, form, kind, `more-${number}`)] : []),
      ...ruleOf(place, form),
    ],
  };
}

function hostnameIn({ random, faults, host }: Place): object {
  const usual = random.pick<object>({ hostname: host }, { hostname: host }, {}, { hostname: wider(host) });
  return random.either(faults, { hostname: random.pick('other.example.com', '*.com', '*.example.org') }, usual);
}

function wider(host: string): string {
  return `*.${host.split('.').slice(1).join('.')}`;
}

function listenerOf(place: Place, { port, protocol, tls }: Form): Manifest {
  const { random, faults, number } = place;
  const own = { from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': 'apps' } } };
  const namespaces = random.either<Manifest>(faults, random.pick<Manifest>({ from: 'Same' }, own), { from: 'All' });
  const kinds = random.maybe(faults / 2, { kinds: [{ kind: random.pick('HTTPRoute', 'TLSRoute', 'TCPRoute') }] });
  return {
    name: `listener-${number}`,
    port: random.either(faults, 8080, port),
    protocol,
    ...(protocol !== 'TCP' && hostnameIn(place)),
    ...(tls && { tls }),
    ...random.maybe(1 - faults, { allowedRoutes: { namespaces, ...kinds } }),
  };
}

function route(kind: string, namespace: string, name: string, spec: Manifest): Manifest {
  return object('gateway.networking.k8s.io/v1', kind, { namespace, name }, spec);
}

/** From the clients' sidecars. */
function toGateway({ random, faults, gatewayNamespace, home, number, host }: Place, form: Form): Manifest {
  const parent = { group: 'networking.istio.io', kind: 'ServiceEntry', namespace: home, name: `entry-${number}` };
  const namespace = random.either(0.2, random.pick('apps', 'other'), home);
  return route(form.toGateway, namespace, `to-gateway-${number}`, {
    parentRefs: [{ ...parent, ...random.maybe(0.6, { port: random.either(faults, 443, form.called) }) }],
    ...(form.toGateway === 'TLSRoute' && {
      hostnames: [random.either(faults, random.pick('other.example.com', host.replace('*.', 'x.')), host)],
    }),
    rules: [
      {
        ...(form.toGateway === 'HTTPRoute' &&
          random.maybe(0.15, { matches: [{ path: { type: 'PathPrefix', value: '/api' } }] })),
        backendRefs: [
          {
            name: apiGateway.service,
            namespace: gatewayNamespace,
            port: random.either(faults, 8443, form.port),
          },
        ],
      },
    ],
  });
}

/** The same by a VirtualService. */
function serviceToGateway({ random, faults, gatewayNamespace, home, number, host }: Place, form: Form): Manifest {
  const port = { number: random.either(faults, 8443, form.port) };
  const destination = { host: `${apiGateway.service}.${gatewayNamespace}.svc.cluster.local`, port };
  const match = { port: form.called };
  const rules = {
    HTTPRoute: { http: [{ match: [match], route: [{ destination }] }] },
    TLSRoute: { tls: [{ match: [{ ...match, sniHosts: [host] }], route: [{ destination }] }] },
    TCPRoute: { tcp: [{ match: [match], route: [{ destination }] }] },
  }[form.toGateway];
  return istio('VirtualService', home, `to-gateway-${number}`, { hosts: [host], ...rules });
}

function outward(place: Place, form: Form, kind: Form['toGateway'], name: string): Manifest {
  const { random, faults, gatewayNamespace, home, number, host } = place;
  const usual = { namespace: gatewayNamespace, name: apiGateway.name };
  const parent = {
    ...usual,
    ...random.maybe(0.7, { sectionName: random.either(faults, 'listener-9', `listener-${number}`) }),
    ...random.maybe(0.2, { port: form.port }),
  };
  const written = random.either(faults, random.pick('other.example.com', '*.com', wider(host)), host);
  const hostnames = kind === 'TCPRoute' || random.chance(kind === 'TLSRoute' ? 0 : 0.3) ? {} : { hostnames: [written] };
  const called = form.called === 80 ? random.pick(80, 443) : form.called;
  const backend = {
    group: 'networking.istio.io',
    kind: 'Hostname',
    name: random.either(faults, 'nowhere.example.com', host),
    port: random.either(faults, random.pick(80, 443, 9000), called),
    ...random.maybe(faults / 2, { weight: 0 }),
  };
  const path = { path: { type: random.pick('PathPrefix', 'Exact'), value: random.pick('/', '/api') } };
  const condition = kind === 'HTTPRoute' ? random.maybe(0.2, { matches: [path] }) : {};
  return route(kind, random.either(0.2, gatewayNamespace, home), name, {
    parentRefs: [parent],
    ...hostnames,
    rules: [{ ...condition, backendRefs: [backend] }],
  });
}

/** Mutual TLS to the Service of the gateway. */
function ruleOf(
  { random, faults, gatewayNamespace, home, number, host }: Place,
  { port, tls }: Form,
): readonly Manifest[] {
  const isMutual = tls === mutual;
  if (random.either(faults, isMutual, !isMutual)) return [];
  const own = {
    mode: random.either(faults, 'DISABLE', 'ISTIO_MUTUAL'),
    ...random.maybe(1 - faults, { sni: host.replace('*.', 'x.') }),
  };
  const onPort = { portLevelSettings: [{ port: { number: random.either(faults, 80, port) }, tls: own }] };
  const anywhere = random.pick('apps', 'other', gatewayNamespace, rootNamespace);
  return [
    istio('DestinationRule', random.either(faults, anywhere, random.pick(home, gatewayNamespace)), `hop-${number}`, {
      host: `${apiGateway.service}.${gatewayNamespace}.svc.cluster.local`,
      trafficPolicy: random.either<object>(0.3, { tls: own }, onPort),
    }),
  ];
}
