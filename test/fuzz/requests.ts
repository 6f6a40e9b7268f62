// Random parameters for every request and notification of the server's tables.
import { requests } from '../../server/src/lsp/protocol.ts';
import { standardRequests } from '../../server/src/lsp/standard-requests.ts';
import type { Random } from './random.ts';

export interface Place {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
  readonly lines: number;
}

type Build = (place: Place, random: Random) => unknown;

const inDocument: Build = ({ uri }) => ({ textDocument: { uri } });
const atPosition: Build = ({ uri, line, character }) => ({ textDocument: { uri }, position: { line, character } });
const inRange: Build = ({ uri, line, lines }, random) => ({
  textDocument: { uri },
  range: { start: { line: Math.min(line, random.below(lines + 1)), character: 0 }, end: { line: lines, character: 0 } },
});
const ofFolder: Build = (_place, random) => ({
  uri: random.of([null, 'file:///w', 'file:///w/a.yaml', 'file:///nowhere']),
});
const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
const url = (random: Random) =>
  random.of([
    'http://api.example.com/v1/a',
    'https://www.example.com',
    'api.example.com:443',
    'tcp://192.0.2.1:80',
    '::',
  ]);
const from = (random: Random) => random.of(['shop', 'shop/sleep', 'edge', 'nobody/x']);
const trace: Build = (place, random) => ({
  ...(ofFolder(place, random) as object),
  url: url(random),
  from: from(random),
  headers: { 'x-a': 'b' },
});
const callItem: Build = ({ uri }) => ({
  item: { name: 'a', kind: 1, uri, range, selectionRange: range, data: { kind: 'host', name: 'api.example.com' } },
});

const builders: Readonly<Record<string, Build>> = {
  'textDocument/hover': atPosition,
  'textDocument/completion': atPosition,
  'completionItem/resolve': (_place, random) => ({
    label: 'hosts',
    data: random.of([
      undefined,
      { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', path: ['spec', 'hosts'] },
    ]),
  }),
  'textDocument/codeAction': (place, random) => ({
    ...(inRange(place, random) as object),
    context: { diagnostics: [], ...(random.chance(0.3) ? { only: ['source.fixAll'] } : {}) },
  }),
  'codeAction/resolve': (place, random) => ({ title: 'a', kind: 'refactor', data: inRange(place, random) }),
  'textDocument/codeLens': inDocument,
  'codeLens/resolve': ({ uri }) => ({
    range,
    data: { uri, subject: { kind: 'ServiceEntry', namespace: 'edge', name: 'api' } },
  }),
  'textDocument/inlayHint': inRange,
  'textDocument/definition': atPosition,
  'textDocument/typeDefinition': atPosition,
  'textDocument/references': (place, random) => ({
    ...(atPosition(place, random) as object),
    context: { includeDeclaration: random.chance(0.5) },
  }),
  'textDocument/documentHighlight': atPosition,
  'textDocument/prepareRename': atPosition,
  'textDocument/rename': (place, random) => ({
    ...(atPosition(place, random) as object),
    newName: random.of(['b', 'b.example.com', '', '\u0000']),
  }),
  'textDocument/prepareCallHierarchy': atPosition,
  'callHierarchy/incomingCalls': callItem,
  'callHierarchy/outgoingCalls': callItem,
  'textDocument/diagnostic': inDocument,
  'workspace/diagnostic': () => ({ previousResultIds: [] }),
  'textDocument/foldingRange': inDocument,
  'textDocument/selectionRange': ({ uri, line, character }) => ({
    textDocument: { uri },
    positions: [{ line, character }],
  }),
  'textDocument/documentLink': inDocument,
  'textDocument/semanticTokens/full': inDocument,
  'textDocument/onTypeFormatting': (place, random) => ({
    ...(atPosition(place, random) as object),
    ch: '\n',
    options: {},
  }),
  'workspace/symbol': (_place, random) => ({ query: random.of(['', 'api', 'g', '*']) }),
  'textDocument/documentSymbol': inDocument,
  'istioEgress/rulePage': (_place, random) => ({ rule: random.of(['double-tls', 'no-such-rule']) }),
  'istioEgress/checkWorkspace': () => undefined,
  'istioEgress/namespaceAt': ({ uri, line, character }) => ({ uri, position: { line, character } }),
  'istioEgress/requestAt': ({ uri, line, character }) => ({ uri, position: { line, character } }),
  'istioEgress/requestChoices': ofFolder,
  'istioEgress/runTests': () => ({ uri: 'file:///w/a.egress-test.yaml' }),
  'istioEgress/trace': trace,
  'istioEgress/access': ofFolder,
  'istioEgress/accessText': (place, random) => ({
    ...(ofFolder(place, random) as object),
    format: random.of(['csv', 'markdown']),
  }),
  'istioEgress/proposePolicy': trace,
  'istioEgress/graph': () => undefined,
  'istioEgress/explainLog': (place, random) => ({
    ...(ofFolder(place, random) as object),
    text: '[2026-03-01T02:48:20.634Z] "GET /v1 HTTP/1.1" 403 - rbac_access_denied_matched_policy[none] - "-" 0 2 1 1 "-" "-" "-" "api.example.com" "192.0.2.1:80" inbound-vip|80|http|api.example.com - - - - -',
  }),
  'istioEgress/learn': (place, random) => ({
    ...(ofFolder(place, random) as object),
    text: '[2026-03-01T02:48:20.634Z] "GET /v1 HTTP/1.1" 200 - via_upstream - "-" 0 2 1 1 "-" "-" "-" "api.example.com" "192.0.2.1:80" inbound-vip|80|http|api.example.com - - 10.1.0.9:1 - -',
    from: random.of(['apps/curl', 'apps', 'a/b/c']),
  }),
  'istioEgress/waypointImpact': (place, random) => ({
    ...(ofFolder(place, random) as object),
    change: random.of(['provision', 'delete']),
    namespace: 'edge',
    name: 'gw',
    enroll: 'none',
  }),
  'istioEgress/compareAccess': (place, random) => ({
    ...(ofFolder(place, random) as object),
    base: random.of(['opened', 'cluster', 'revision']),
  }),
  'istioEgress/revisions': ofFolder,
  'istioEgress/editEffect': ({ uri }) => ({ uri }),
  'istioEgress/applyEffect': () => ({ context: 'local', texts: ['kind: ServiceEntry', '- a: [', ''] }),
  'istioEgress/newRoute': (place, random) => ({
    ...(ofFolder(place, random) as object),
    answers: random.of([
      {},
      {
        host: 'api.new.example',
        tls: 'originate',
        port: '443',
        callers: 'shop/cart',
        methods: '*',
        paths: '*',
        gateway: 'edge/gw',
        log: 'yes',
      },
    ]),
  }),
  'istioEgress/agentTool': (place, random) => ({
    ...(ofFolder(place, random) as object),
    tool: random.of(['check', 'access', 'trace', 'explain']),
    input: random.of([{}, { url: 'http://api.example.com/', from: 'shop/cart' }, { hosts: ['api.example.com'] }]),
  }),
  'istioEgress/map': () => undefined,
  'istioEgress/clusterText': () => ({ uri: 'istio-egress-cluster:/local/ServiceEntry/elsewhere/other.yaml' }),
  'istioEgress/places': () => ({ objects: [{ kind: 'ServiceEntry', namespace: 'edge', name: 'api' }] }),
  'istioEgress/fileObjects': () => undefined,
  'istioEgress/manifests': ({ uri }) => ({ uris: [uri, 'file:///w'] }),
  'istioEgress/templates': ofFolder,
  'istioEgress/newManifest': (place, random) => ({
    ...(ofFolder(place, random) as object),
    id: 'service-entry',
    answers: { name: 'a', host: 'x.example.com' },
  }),
};

/** Every request of the server. Those without a builder of their own get a document and a position. */
export const methods: readonly string[] = [...Object.keys(standardRequests), ...Object.keys(requests)];

export function unbuilt(): readonly string[] {
  return methods.filter((method) => !(method in builders));
}

export function paramsFor(method: string, place: Place, random: Random): unknown {
  return (builders[method] ?? atPosition)(place, random);
}

/** Codes of wrong parameters, and of requests that are cancelled, out of date or refused with a reason. */
const refusals: ReadonlySet<number> = new Set([-32602, -32800, -32801, -32802, -32803]);

/** Whether the server meant to answer so. */
export function isRefusal({ code }: { readonly code?: number }): boolean {
  return refusals.has(code ?? 0);
}

/** What no client should send. */
export function malformed(random: Random): unknown {
  return random.of<unknown>([
    null,
    7,
    'text',
    [],
    {},
    { textDocument: null },
    { textDocument: { uri: 'file:///w/a.yaml' }, position: { line: -1, character: 1e9 } },
    { textDocument: { uri: 'not a uri' }, position: { line: 0, character: 0 }, range },
    { uri: 7, url: null, from: {} },
  ]);
}

/** A cluster with an object that files may describe too, or none. */
export function randomCluster(random: Random): unknown {
  if (random.chance(0.4)) return null;
  const other = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { namespace: 'elsewhere', name: random.of(['other', 'api']) },
    spec: {
      hosts: [random.of(['api.example.com', 'other.example.com'])],
      resolution: 'DNS',
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
    },
  };
  const home = { apiVersion: 'v1', kind: 'Namespace', metadata: { namespace: '', name: 'elsewhere' } };
  return {
    context: 'local',
    objects: [other, home].map((object) => ({ kind: object.kind, ...object.metadata, object })),
    complete: ['ServiceEntry', 'Namespace'],
    controlPlane: { namespace: 'istio-system', version: '1.30.1' },
  };
}
