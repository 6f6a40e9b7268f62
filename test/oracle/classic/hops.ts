// The Gateway, the VirtualService and the DestinationRule that lead one host through the egress gateway, in one of Istio's published ways. Each is
// right, or has one of the faults that people make; both occur often.
import type { Manifest } from '../manifests.ts';
import { exportOf, gatewayHost, type Place, type Way } from './place.ts';
import { istio, rootNamespace } from './world.ts';

type Through = Exclude<Way, 'direct'>;

interface Server {
  readonly port: { readonly number: number; readonly name: string; readonly protocol: string };
  readonly tls?: Manifest;
}

type Own = 'own-http' | 'own-tcp';

const servers: Readonly<Record<Exclude<Through, Own>, Server>> = {
  http: { port: { number: 80, name: 'http', protocol: 'HTTP' } },
  passthrough: { port: { number: 443, name: 'tls', protocol: 'TLS' }, tls: { mode: 'PASSTHROUGH' } },
  tcp: { port: { number: 9000, name: 'tcp', protocol: 'TCP' } },
  'mutual-http': { port: { number: 443, name: 'https', protocol: 'HTTPS' }, tls: { mode: 'ISTIO_MUTUAL' } },
  'mutual-tcp': { port: { number: 443, name: 'tls', protocol: 'TLS' }, tls: { mode: 'ISTIO_MUTUAL' } },
};

/** With certificates of the gateway's and the sidecar's own. */
const ownServers: Readonly<Record<Own, Server>> = {
  'own-http': { port: { number: 443, name: 'https', protocol: 'HTTPS' } },
  'own-tcp': { port: { number: 443, name: 'tls', protocol: 'TLS' } },
};

function isOwn(way: Through): way is Own {
  return way === 'own-http' || way === 'own-tcp';
}

function serverOf({ random, faults }: Place, way: Through): Server {
  if (!isOwn(way)) return random.either(faults, random.pick(...Object.values(servers)), servers[way]);
  const mode = random.pick('SIMPLE', 'SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL', 'ISTIO_MUTUAL');
  return { ...ownServers[way], tls: { mode, ...(mode !== 'ISTIO_MUTUAL' && { credentialName: 'gateway' }) } };
}

interface Hop {
  readonly way: Through;
  /** Of the Gateway. */
  readonly gatewayHome: string;
  readonly gatewayName: string;
  /** As the VirtualService writes it. */
  readonly written: string;
  readonly server: Server;
  readonly subset: string | undefined;
}

export function hopOf(place: Place, way: Through): readonly Manifest[] {
  const { random, faults, gatewayNamespace, home, number } = place;
  const gatewayHome = random.pick(home, gatewayNamespace);
  const gatewayName = `gateway-${number}`;
  const full = gatewayHome === home ? gatewayName : `${gatewayHome}/${gatewayName}`;
  const isNamed = way.startsWith('mutual') || isOwn(way) || random.chance(0.6);
  const hop: Hop = {
    way,
    gatewayHome,
    gatewayName,
    written: random.either(faults, gatewayName, full),
    server: serverOf(place, way),
    subset: isNamed ? `s${number}` : undefined,
  };
  return [gatewayOf(place, hop), routeOf(place, hop), ...ruleOf(place, hop)];
}

function gatewayOf({ random, faults, host }: Place, { gatewayHome, gatewayName, server }: Hop): Manifest {
  const port = { ...server.port, ...random.maybe(faults, { number: random.pick(80, 443, 8443, 8080) }) };
  const others = random.pick('*', `./${host}`, `*/${host}`, 'other.example.com', '*.example.com');
  return istio('Gateway', gatewayHome, gatewayName, {
    selector: { istio: random.either(faults / 10, 'ingressgateway', 'egressgateway') },
    servers: [{ ...server, port, hosts: [random.either(faults, others, host)] }],
  });
}

function routeOf(place: Place, hop: Hop): Manifest {
  const { random, faults, home, number, host } = place;
  const { written, way } = hop;
  const all = [written, 'mesh'];
  const form = random.either(faults / 5, random.pick(...otherForms), forms[way]);
  return istio('VirtualService', home, `route-${number}`, {
    hosts: [host],
    gateways: random.either(faults, random.pick([written], ['mesh'], all), all),
    ...form(place, hop),
    ...random.maybe(faults, { exportTo: exportOf(place) }),
  });
}

type Form = (place: Place, hop: Hop) => object;

const forms: Readonly<Record<Through, Form>> = {
  http: (place, hop) => ({ http: legs(place, hop, conditionOf(place)) }),
  'mutual-http': (place, hop) => ({ http: legs(place, hop, conditionOf(place)) }),
  'own-http': (place, hop) => ({ http: legs(place, hop, conditionOf(place)) }),
  'own-tcp': (place, hop) => ({ tcp: legs(place, hop, {}) }),
  passthrough: (place, hop) => ({ tls: legs(place, hop, sniOf(place), sniOf(place)) }),
  tcp: (place, hop) => ({ tcp: legs(place, hop, {}) }),
  'mutual-tcp': (place, hop) => {
    const [toGateway] = legs(place, hop, sniOf(place));
    const [, outward] = legs(place, hop, {});
    return { tls: [toGateway], tcp: [outward] };
  },
};

const otherForms = Object.entries(forms).flatMap(([way, form]) => (isOwn(way as Through) ? [] : [form]));

function conditionOf({ random }: Place): object {
  return {
    ...random.maybe(0.15, { uri: { prefix: random.pick('/', '/api', '/other') } }),
    ...random.maybe(0.05, { sourceNamespace: random.pick('apps', 'other') }),
  };
}

function sniOf({ random, faults, host }: Place): object {
  return { sniHosts: [random.either(faults, host.replace('*.', 'x.'), host)] };
}

/** From the sidecars to the gateway, and from there outside. */
function legs(
  place: Place,
  { way, written, server, subset }: Hop,
  atMesh: object,
  atGateway: object = {},
): readonly Manifest[] {
  const { random, faults, host } = place;
  const callerPort = {
    http: 80,
    'mutual-http': 80,
    tcp: 9000,
    passthrough: 443,
    'mutual-tcp': 443,
    'own-http': 80,
    'own-tcp': 9000,
  }[way];
  const outPort = random.either(callerPort === 80 ? 0.5 : 0, 443, callerPort);
  const port = server.port.number;
  const from = (gateway: string) => random.maybe(1 - faults / 5, { gateways: [gateway] });
  const toPort = (usual: number, ...others: readonly number[]) =>
    random.maybe(1 - faults / 5, { port: { number: random.either(faults, random.pick(...others), usual) } });
  const named = subset === undefined ? {} : { subset: random.either(faults, 'nowhere', subset) };
  return [
    {
      match: [
        {
          ...from('mesh'),
          ...random.maybe(1 - faults, { port: callerPort }),
          ...atMesh,
          ...random.maybe(0.1, { sourceLabels: { app: random.pick('client-apps', 'nobody') } }),
        },
      ],
      route: [
        {
          destination: { host: gatewayHost(place), ...random.maybe(1 - faults, named), ...toPort(port, 80, 443, 8443) },
        },
      ],
    },
    {
      match: [
        { ...from(written), ...random.maybe(1 - faults, { port: random.either(faults, 8080, port) }), ...atGateway },
      ],
      route: [
        {
          destination: {
            host: random.either(faults, host.replace('*.', 'x.'), host),
            ...toPort(outPort, 80, 443, 9000),
          },
        },
      ],
    },
  ];
}

function ownTlsOf(random: Place['random']): Manifest {
  const mode = random.pick('SIMPLE', 'SIMPLE', 'SIMPLE', 'MUTUAL');
  const roots = random.pick<Manifest>({ caCertificates: '/c/ca.pem' }, { insecureSkipVerify: true }, {});
  const client = { clientCertificate: '/c/cert.pem', privateKey: '/c/key.pem', caCertificates: '/c/ca.pem' };
  const named = { credentialName: 'client' };
  return random.either<Manifest>(0.15, { mode, ...named }, { mode, ...(mode === 'MUTUAL' ? client : roots) });
}

/** Of the Service of the gateway: the subset, and mutual TLS to it. */
function ruleOf(place: Place, { way, server, subset }: Hop): readonly Manifest[] {
  const { random, faults, gatewayNamespace, home, number, host } = place;
  const isMutual = way.startsWith('mutual') || isOwn(way);
  const usesMutual = random.either(faults, !isMutual, isMutual);
  if (subset === undefined && !usesMutual) return [];
  const tls = {
    ...(isOwn(way) ? ownTlsOf(random) : { mode: random.either(faults, 'DISABLE', 'ISTIO_MUTUAL') }),
    ...random.maybe(1 - faults, { sni: host.replace('*.', 'x.') }),
  };
  const onPort = { portLevelSettings: [{ port: { number: random.either(faults, 80, server.port.number) }, tls }] };
  const policy = random.either<object>(0.5, { tls }, onPort);
  const own = usesMutual ? { trafficPolicy: policy } : {};
  const anywhere = random.pick('apps', 'other', gatewayNamespace, rootNamespace);
  const subsets = subset === undefined ? {} : { subsets: [{ name: subset, ...random.maybe(0.9, own) }] };
  return [
    istio('DestinationRule', random.either(faults, anywhere, home), `hop-${number}`, {
      host: gatewayHost(place),
      ...random.maybe(subset === undefined ? 1 : 0.3, own),
      ...subsets,
      ...random.maybe(faults, { exportTo: exportOf(place) }),
    }),
  ];
}
