// Which gateways a new route offers, and what is said of answers that do not fit together.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouteAnswers } from '../../../../server/src/features/new-route/route-answers.ts';
import { home, routeIn } from './route-in.ts';

const namespace = (label: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    ${label}\n`;
const ambient = namespace('istio.io/dataplane-mode: ambient');
const sidecars = namespace('istio-injection: enabled');
const gatewayService = (name: string, label: string) =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: edge\nspec:\n  selector:\n    istio: ${label}\n  ports:\n    - port: 443\n`;
const waypoint =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: way-out\n  namespace: exit\nspec:\n  gatewayClassName: istio-waypoint\n  listeners:\n    - name: mesh\n      port: 15008\n      protocol: HBONE\n';

const answers: RouteAnswers = {
  host: 'api.partner.example',
  tls: 'originate',
  port: '443',
  callers: 'shop',
  methods: '*',
  paths: '*',
};

function ask(texts: readonly string[], more: RouteAnswers = {}) {
  return routeIn(new Map(texts.map((text, i) => [`${home}${i}.yaml`, text])), { ...answers, ...more });
}

const offered = (texts: readonly string[], more: RouteAnswers = {}) =>
  ask(texts, more).question?.choices.map(({ value }) => value);

const fresh = 'common-infrastructure/egress-gateway';
const installed = 'istio-system/istio-egressgateway';
const offers: readonly (readonly [what: string, texts: readonly string[], expected: readonly string[]])[] = [
  ['nothing: a new waypoint', [], [fresh]],
  ['ambient clients: a new waypoint', [ambient], [fresh]],
  ['clients with sidecars: the gateway of the installation first', [sidecars], [installed, fresh]],
  [
    'a Service of an egress gateway',
    [sidecars, gatewayService('egressgateway', 'egressgateway')],
    ['edge/egressgateway', fresh],
  ],
  ['a waypoint that is there comes first', [sidecars, waypoint], ['exit/way-out', fresh, installed]],
  ['an ingress gateway is not offered', [ambient, gatewayService('istio-ingressgateway', 'ingressgateway')], [fresh]],
];
for (const [what, texts, expected] of offers)
  test(`gateways offered for ${what}`, () => assert.deepEqual(offered(texts), expected));

test('no classic gateway is offered where it cannot do what was asked', () => {
  assert.deepEqual(offered([sidecars], { host: '*.partner.example' }), [fresh]);
  assert.deepEqual(offered([sidecars], { tls: 'pass-through' }), [fresh]);
  assert.deepEqual(offered([sidecars], { tls: 'pass-through', callers: '*' }), [installed, fresh]);
});

const problems: readonly (readonly [what: string, more: RouteAnswers, name: string, expected: RegExp])[] = [
  [
    'a wildcard at a classic gateway',
    { host: '*.partner.example', gateway: installed },
    'gateway',
    /through a waypoint only/,
  ],
  [
    'clients of TLS that passes through',
    { tls: 'pass-through', gateway: installed },
    'gateway',
    /does not know who sends/,
  ],
  ['TLS of clients to a wildcard', { host: '*.partner.example', tls: 'pass-through' }, 'tls', /ENABLE_WILDCARD_HOST/],
  ['another port of a wildcard', { host: '*.partner.example', port: '9443' }, 'port', /on port 443 only/],
  ['a wildcard of a whole domain', { host: '*.example' }, 'host', /or \*\.example\.com/],
];
for (const [what, more, name, expected] of problems)
  test(`asked again: ${what}`, () => {
    const { question } = ask([sidecars], more);
    assert.equal(question?.name, name);
    assert.match(question?.problem ?? '', expected);
  });

test('an ALLOW policy that closes the gateway gets one for the new host', () => {
  const closed =
    'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: closed\n  namespace: istio-system\nspec:\n  selector:\n    matchLabels:\n      istio: egressgateway\n  action: ALLOW\n  rules:\n    - when:\n        - key: connection.sni\n          values: [other.example]\n';
  const texts = (policy: readonly string[]) =>
    ask([sidecars, ...policy], { gateway: installed, log: 'no' })
      .plan?.files.map(({ after }) => after)
      .join('\n') ?? '';
  assert.match(texts([closed]), /name: api-partner-example-allow\n(.*\n)*.*action: ALLOW/);
  assert.doesNotMatch(texts([]), /action: ALLOW/);
});

test('a gateway that no file shows is told, and one that is there is not', () => {
  const notes = (texts: readonly string[], gateway: string) => ask(texts, { gateway, log: 'no' }).plan?.notes ?? [];
  assert.match(
    notes([sidecars], installed).join('\n'),
    /No file shows egress gateway istio-system\/istio-egressgateway/,
  );
  assert.deepEqual(
    notes([sidecars, gatewayService('egressgateway', 'egressgateway')], 'edge/egressgateway').filter((note) =>
      note.startsWith('No file'),
    ),
    [],
  );
});
