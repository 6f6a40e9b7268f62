// Manifests with names, hosts and labels that act on whatever shows them, and how to tell whether they do.
import assert from 'node:assert/strict';

const payloads = [
  '\n::stop-commands::x',
  '\r\n::add-mask::a',
  '::set-env name=A::b',
  '##[command]x',
  '\u001b[31mred\u001b[2J',
  '\u001b]8;;http://evil.example\u0007link',
  '\u202egpj.evil',
  '\u2066a\u2069',
  '[fix](command:workbench.action.terminal.new)',
  '](command:evil) [x](command:evil)',
  '<img src=x onerror=alert(1)>',
  '\u0085\u2028next',
  '\u200bzero\ufeff',
  'a\tb|c`d`',
  '\u{e0041}',
  '\ud800',
  '\0',
];

/** A generator of numbers from 0 to 1, the same for a seed. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const fixed: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'resolution',
  'protocol',
  'location',
  'mode',
  'type',
]);

/** Some texts of a value, and some keys of labels, with a payload in them. */
function spoil(value: Json, random: () => number, key = ''): Json {
  if (typeof value === 'string') return fixed.has(key) || random() > 0.3 ? value : spoiled(value, random);
  if (Array.isArray(value)) return value.map((one: Json) => spoil(one, random, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      ['labels', 'annotations', 'matchLabels', 'headers'].includes(key) && random() < 0.2
        ? spoiled(name, random)
        : name,
      spoil(one, random, name),
    ]),
  );
}

function spoiled(text: string, random: () => number): string {
  const payload = payloads[Math.floor(random() * payloads.length)]!;
  return random() < 0.5 ? text + payload : payload + text;
}

const serviceEntry = (name: string, host: string, ports: readonly Json[]): Json => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  metadata: { name, namespace: 'egress', labels: { 'istio.io/use-waypoint': 'waypoint', team: 'a' } },
  spec: { hosts: [host], ports, resolution: 'DNS', exportTo: ['*', 'shop'] },
});

const http: Json = { number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 };
const story: readonly Json[] = [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'egress', labels: { 'istio.io/dataplane-mode': 'ambient' } },
  },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'istio.io/dataplane-mode': 'ambient' } } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'sleep', namespace: 'shop' } },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'waypoint', namespace: 'egress' },
    spec: { gatewayClassName: 'istio-waypoint', listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }] },
  },
  serviceEntry('httpbin', 'httpbin.example.com', [http]),
  serviceEntry('api', 'api.example.com', [http, { number: 443, name: 'tls', protocol: 'TLS' }]),
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'httpbin', namespace: 'egress' },
    spec: { host: 'httpbin.example.com', trafficPolicy: { tls: { mode: 'SIMPLE', sni: 'httpbin.example.com' } } },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'api', namespace: 'egress' },
    spec: {
      hosts: ['api.example.com'],
      http: [
        {
          match: [{ uri: { regex: '/(v1' }, headers: { 'x-team': { exact: 'a' } } }],
          route: [{ destination: { host: 'api.example.com', subset: 'v9' } }],
        },
      ],
    },
  },
  {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'callers', namespace: 'egress' },
    spec: {
      targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'httpbin' }],
      rules: [
        {
          from: [{ source: { principals: ['cluster.local/ns/shop/sa/sleep'], namespaces: ['shop'] } }],
          to: [{ operation: { methods: ['GET'], paths: ['/status/*'] } }],
        },
      ],
    },
  },
  {
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: { name: 'logs', namespace: 'egress' },
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'waypoint' }],
      accessLogging: [{ providers: [{ name: 'nowhere' }] }],
    },
  },
];

/** Files by path. Manifests are JSON, which YAML includes, as it can write every character. */
export function hostileFiles(seed: number): Readonly<Record<string, string>> {
  const random = randomFrom(seed);
  const write = (value: Json) => JSON.stringify(spoil(value, random), null, 2);
  const name = (stem: string) => spoiled(stem, random).replace(/[/\0\ud800]/g, '-');
  return {
    ...Object.fromEntries(story.map((one, at) => [`${name(`m${at}`)}.yaml`, write(one)])),
    'broken.yaml':
      'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: "\u001b[31m\u202e" }\nspec: { hosts: [ "a\n::stop-commands::x", *none ]',
    'comment.yaml': `# istio-egress-ignore no-such-rule\u001b[2J\u202e: reason\n${write(story[5]!)}\n`,
    'a.egress-test.yaml': write([
      { request: 'http://httpbin.example.com/status/200', from: 'shop/sleep', expect: 'allowed', name: 'first' },
      { request: 'http://api.example.com/v1', from: 'shop/sleep', expect: 'denied' },
    ]),
    'sub/.istio-egress.yaml': write({ severities: { 'no-such-rule': 'off' }, ignore: ['old'], completeKinds: ['Foo'] }),
    'sub/kustomization.yaml': write({ resources: ['nowhere.yaml'], namespace: 'other' }),
  };
}

const acting =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2028\u2029\ufeff\ud800-\udfff]|\r(?!\n)|[\u{e0000}-\u{e007f}]/u;

/** Where a text acts on a terminal, on a reader of logs or on the order of letters; undefined where nothing does. */
export function actingPart(text: string): string | undefined {
  const found = acting.exec(text) ?? /^[ \t]*(?:::(?!error |warning |notice )[a-z-]+.*::|##\[|##vso\[).*/im.exec(text);
  return found ? JSON.stringify(text.slice(Math.max(0, found.index - 60), found.index + 60)) : undefined;
}

export function assertVisible(text: string, what: string): void {
  assert.equal(actingPart(text), undefined, what);
}
