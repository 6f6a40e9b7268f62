// What goes wrong in sets of an egress gateway: one object changed or added, by the row of server/docs/istio-semantics-classic.md §L.
import {
  change,
  gatewayHost,
  podFaults,
  rule,
  sidecar,
  type Fault,
  type Files,
  type SetName,
} from './classic-pod-faults.ts';
import { classicSets } from './classic-sets.ts';

const encrypting: readonly SetName[] = ['origination', 'mutual'];

const faults: readonly Fault[] = [
  { row: 'L.1 gateways without mesh', change: change('route.yaml', '[egress, mesh]', '[egress]') },
  { row: 'L.2 gateways without the Gateway', change: change('route.yaml', '[egress, mesh]', '[mesh]') },
  {
    row: 'L.2 no rule at the gateway',
    change: change('route.yaml', /    - match:\n        - gateways: \[egress\][\s\S]*$/, ''),
  },
  {
    row: 'L.2 no rule at sidecars',
    change: change(
      'route.yaml',
      /    - match:\n        - gateways: \[mesh\][\s\S]*?(?=    - match:\n        - gateways: \[egress\])/,
      '',
    ),
  },
  { row: 'L.3 the Gateway elsewhere', change: change('gateway.yaml', 'namespace: shop', 'namespace: istio-system') },
  { row: 'L.4 the selector of another gateway', change: change('gateway.yaml', 'egressgateway', 'ingressgateway') },
  { row: 'L.5 no selector', change: change('gateway.yaml', /  selector: .*\n/, '') },
  { row: 'L.6 a server for another host', change: change('gateway.yaml', '[news.', '[newz.') },
  { row: 'L.6 a server for another namespace', change: change('gateway.yaml', '[news.', '[other/news.') },
  { row: 'L.7 a private VirtualService', change: change('route.yaml', 'spec:\n', 'spec:\n  exportTo: ["."]\n') },
  { row: 'L.8 a private ServiceEntry', change: change('entry.yaml', 'spec:\n', 'spec:\n  exportTo: ["."]\n') },
  { row: 'L.9 a Sidecar without the host', change: sidecar('{ egress: [{ hosts: ["istio-system/*"] }] }') },
  {
    row: 'L.10 no mTLS to the gateway',
    of: encrypting,
    change: change('rule.yaml', /      trafficPolicy:[\s\S]*$/, ''),
  },
  {
    row: 'L.11 mTLS to a server without',
    of: ['http', 'passthrough'],
    change: change(
      'rule.yaml',
      '- name: news\n',
      '- name: news\n      trafficPolicy: { tls: { mode: ISTIO_MUTUAL, sni: news.example.com } }\n',
    ),
  },
  {
    row: 'L.12 a rule for sidecars that counts at the gateway',
    of: ['http', 'passthrough'],
    change: change('route.yaml', /- gateways: \[mesh\]\n          port/, '- port'),
  },
  { row: 'L.13 no server name', of: encrypting, change: change('rule.yaml', ', sni: news.example.com', '') },
  { row: 'L.15 an unknown subset', change: change('route.yaml', 'subset: news', 'subset: newz') },
  {
    row: 'L.15 the subset in another namespace',
    change: change('rule.yaml', 'namespace: shop', 'namespace: platform'),
  },
  {
    row: 'L.16 the port of the pods',
    change: change('route.yaml', /(subset: news, port: \{ number: )\d+/, '$18443'),
  },
  {
    row: 'L.18 the port is not listed',
    of: encrypting,
    change: change('entry.yaml', /    - \{ number: 443.*\n/, ''),
  },
  {
    row: 'L.19 TLS in another namespace',
    of: encrypting,
    change: change('origin.yaml', /namespace: [\w-]+/, 'namespace: team'),
  },
  { row: 'L.20 TLS for another port', of: encrypting, change: change('origin.yaml', 'number: 443', 'number: 80') },
  {
    row: 'L.21 a wide rule in the namespace of the host',
    of: ['mutual'],
    change: rule('wide', '*.example.com', 'connectionPool: { tcp: { maxConnections: 10 } }'),
  },
  { row: 'L.25 the Secret elsewhere', of: ['mutual'], change: change('secret.yaml', 'istio-system', 'shop') },
  { row: 'L.25 a Secret without its key', of: ['mutual'], change: change('secret.yaml', 'tls.key: (a key), ', '') },
  {
    row: 'L.26 ISTIO_MUTUAL outside',
    of: encrypting,
    change: change('origin.yaml', /mode: .*\}/, 'mode: ISTIO_MUTUAL }'),
  },
  {
    row: 'L.31 http routes for TLS',
    of: ['passthrough'],
    change: (files) => ({
      ...files,
      'route.yaml': files['route.yaml']!.replace('  tls:', '  http:').replace(/\n          sniHosts: .*/g, ''),
    }),
  },
  {
    row: 'L.32 tls routes for HTTP',
    of: ['http'],
    change: (files) => ({
      ...files,
      'route.yaml': files['route.yaml']!.replace('  http:', '  tls:').replace(
        /port: 80\n/g,
        'port: 80\n          sniHosts: [news.example.com]\n',
      ),
    }),
  },
  {
    row: 'L.33 TLS server, http routes',
    of: encrypting,
    change: change('gateway.yaml', 'protocol: HTTPS', 'protocol: TLS'),
  },
  {
    row: 'L.34 PASSTHROUGH, http routes',
    of: encrypting,
    change: change('gateway.yaml', 'ISTIO_MUTUAL', 'PASSTHROUGH'),
  },
  { row: 'L.36 a server on another port', change: change('gateway.yaml', /number: \d+/, 'number: 4430') },
  {
    row: 'L.37 the port of the pods in a match',
    change: change('route.yaml', /(- gateways: \[egress\]\n          port: )\d+/, '$18443'),
  },
  {
    row: 'L.38 a port that no client calls',
    change: change('route.yaml', /(- gateways: \[mesh\]\n          port: )\d+/, '$18443'),
  },
  {
    row: 'L.40 some paths only',
    of: ['http', 'origination', 'mutual'],
    change: change('route.yaml', '- gateways: [mesh]\n', '- gateways: [mesh]\n          uri: { prefix: /api }\n'),
  },
  {
    row: 'L.42 a server twice',
    of: ['passthrough', 'origination', 'mutual'],
    change: (files) => ({ ...files, 'second.yaml': files['gateway.yaml']!.replace('name: egress', 'name: second') }),
  },
  { row: 'L.46 resolution NONE', change: change('entry.yaml', 'resolution: DNS', 'resolution: NONE') },
  ...podFaults,
  {
    row: 'L.70 httpsRedirect',
    of: ['http'],
    change: change('gateway.yaml', '[news.example.com]', '[news.example.com]\n      tls: { httpsRedirect: true }'),
  },
  {
    row: 'J.2 the namespace in ambient mode',
    change: change('namespace.yaml', 'istio-injection: enabled', 'istio.io/dataplane-mode: ambient'),
  },
  {
    row: 'D.2 a host that is not completed',
    change: change('route.yaml', gatewayHost, 'istio-egressgateway.istio-system'),
  },
];

export interface ClassicCase {
  readonly set: SetName;
  readonly fault: string;
  readonly files: Files;
}

export const urlsOfSets: Readonly<Record<SetName, string>> = {
  http: 'http://news.example.com/today',
  passthrough: 'https://news.example.com/',
  origination: 'http://news.example.com/today',
  mutual: 'http://news.example.com/today',
};

/** Each set as it is, without each of its objects, and with each fault. */
export function classicCases(): readonly ClassicCase[] {
  return (Object.keys(classicSets) as SetName[]).flatMap((set) => {
    const files: Files = classicSets[set];
    const left = Object.keys(files).map((name) => ({
      set,
      fault: `without ${name}`,
      files: Object.fromEntries(Object.entries(files).filter(([other]) => other !== name)),
    }));
    const changed = faults
      .filter(({ of }) => !of || of.includes(set))
      .map(({ row, change: made }) => ({ set, fault: row, files: made(files) }));
    return [{ set, fault: '-', files }, ...left, ...changed];
  });
}
