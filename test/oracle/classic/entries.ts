// A ServiceEntry for one host, and the TLS that proxies originate to it.
import type { Manifest } from '../manifests.ts';
import { exportOf, type ApiWay, type Place, type Way } from './place.ts';
import { gatewayService, istio, object, realAddresses, rootNamespace } from './world.ts';

export function entryOf(place: Place, way: Way | ApiWay): Manifest {
  const { random, faults, home, host, number } = place;
  const isWild = host.startsWith('*');
  const resolution = isWild
    ? random.pick('NONE', 'NONE', 'DYNAMIC_DNS')
    : random.pick('DNS', 'DNS', 'DNS', 'DNS', 'STATIC', 'NONE');
  const ports = portsOf(place, way).map((port) => detectedIn(place, port));
  const lists = isWild ? 0 : random.either(way === 'tcp' || way === 'own-tcp' || way === 'api-tcp' ? 1 : 0, 0.6, 0.08);
  return istio('ServiceEntry', home, `entry-${number}`, {
    hosts: [host],
    ports: random.either(faults, random.shuffled(ports), ports),
    resolution,
    ...endpointsOf(place, resolution, String(ports[0]?.['name'])),
    ...random.maybe(lists, { addresses: [realAddresses[host]] }),
    ...random.maybe(0.85, { location: 'MESH_EXTERNAL' }),
    ...random.maybe(faults, { exportTo: exportOf(place) }),
    ...random.maybe(0.1, { subjectAltNames: ['san.example.com'] }),
  });
}

function portsOf({ random, faults }: Place, way: Way | ApiWay): readonly Manifest[] {
  const tcp = { number: 9000, name: 'tcp', protocol: 'TCP', ...random.maybe(0.2, { targetPort: 9443 }) };
  if (way === 'tcp' || way === 'own-tcp' || way === 'api-tcp') return [tcp];
  const plain = {
    number: 80,
    name: 'http',
    protocol: random.either(faults, random.pick('TCP', 'HTTP2', 'TLS'), 'HTTP'),
  };
  const web = { ...plain, ...random.maybe(faults, { targetPort: 443 }) };
  const tls = {
    number: 443,
    name: 'tls',
    protocol: random.either(faults, random.pick('HTTP', 'TCP'), random.pick('TLS', 'TLS', 'HTTPS')),
  };
  const some = [web, tls].filter(() => !random.chance(faults));
  return some.length === 0 || random.chance(0.1) ? [...some, tcp] : some;
}

function detectedIn({ random, detected = 0 }: Place, { protocol, ...port }: Manifest): Manifest {
  return detected > 0 && random.chance(detected) ? port : { ...port, protocol };
}

function endpointsOf({ random }: Place, resolution: string, port: string): object {
  if (resolution !== 'STATIC' && !(resolution === 'DNS' && random.chance(0.15))) return {};
  const address = resolution === 'STATIC' ? '192.0.2.7' : 'backend.example.net';
  return { endpoints: [{ address, ...random.maybe(0.2, { ports: { [port]: 7443 } }) }] };
}

/** TLS by a policy of the Gateway API, for the entry of the same number. */
export function policyOf({ random, home, host, number }: Place): Manifest {
  const target = { group: 'networking.istio.io', kind: 'ServiceEntry', name: `entry-${number}` };
  return object(
    'gateway.networking.k8s.io/v1',
    'BackendTLSPolicy',
    { namespace: home, name: `policy-${number}` },
    {
      targetRefs: [{ ...target, ...random.maybe(0.5, { sectionName: random.pick('http', 'tls') }) }],
      validation: { hostname: host.replace('*.', 'x.'), wellKnownCACertificates: 'System' },
    },
  );
}

export function originationOf(place: Place): Manifest {
  const { random, faults, gatewayNamespace, home, host, number } = place;
  const tls = tlsOf(place);
  const onPort = { portLevelSettings: [{ port: { number: random.pick(80, 443, 443, 9000) }, tls }] };
  const anywhere = random.pick('apps', 'other', gatewayNamespace, rootNamespace);
  const app = random.pick('client-apps', gatewayService);
  return istio('DestinationRule', random.either(0.5, home, anywhere), `tls-${number}`, {
    host: random.either(faults, random.pick('*.example.com', '*.com', '*'), host),
    trafficPolicy: random.either<Manifest>(0.6, onPort, { tls }),
    ...random.maybe(faults, { exportTo: random.pick(['.'], ['*'], ['.', gatewayNamespace]) }),
    ...random.maybe(faults / 2, { workloadSelector: { matchLabels: { app } } }),
  });
}

function tlsOf({ random }: Place): Manifest {
  const mode = random.either(0.05, 'ISTIO_MUTUAL', random.pick('SIMPLE', 'SIMPLE', 'SIMPLE', 'MUTUAL', 'DISABLE'));
  if (mode === 'ISTIO_MUTUAL' || mode === 'DISABLE') return { mode };
  const files = { clientCertificate: '/c/cert.pem', privateKey: '/c/key.pem' };
  const roots = { caCertificates: '/c/ca.pem' };
  const client = random.either<object>(0.5, { credentialName: 'client' }, { ...files, ...random.maybe(0.5, roots) });
  const server = random.pick<object>({ credentialName: 'roots' }, roots, { insecureSkipVerify: true });
  return {
    mode,
    ...random.maybe(0.3, { sni: 'sni.example.com' }),
    ...random.maybe(0.2, { subjectAltNames: ['rule.example.com'] }),
    ...(mode === 'MUTUAL' ? client : random.maybe(0.2, server)),
  };
}
