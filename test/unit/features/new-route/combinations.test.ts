// Every combination of answers, in several folders: what is written has no finding, and its traces say what was asked for.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Workspace } from '../../../../server/src/engine/workspace.ts';
import type { RouteAnswers } from '../../../../server/src/features/new-route/route-answers.ts';
import { root } from '../../../kit/lsp-client.ts';
import { home, routeIn, workspaceOf } from './route-in.ts';

const story = new Map(
  readdirSync(join(root, 'examples'))
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.egress-test.yaml'))
    .map((name) => [`${home}${name}`, readFileSync(join(root, 'examples', name), 'utf8')]),
);

const client = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio.io/dataplane-mode: ambient
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: cart
  namespace: shop
`;
const waypoint = (namespace: string, name: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
`;
const entry = (name: string, more = '') => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: ${name}
  namespace: exit
  labels:
    app.kubernetes.io/part-of: egress
    istio.io/use-waypoint: way-out
spec:
  hosts:
    - ${name}.example.com
  ports:
    - number: 443
      name: tls
      protocol: TLS
  resolution: DNS
${more}`;

const policy = (name: string) => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ${name}
  namespace: exit
  labels:
    app.kubernetes.io/part-of: egress
spec:
  targetRefs:
    - group: networking.istio.io
      kind: ServiceEntry
      name: ${name}
  action: ALLOW
  rules:
    - from:
        - source:
            namespaces: [shop]
`;

const sidecars = client.replace('istio.io/dataplane-mode: ambient', 'istio-injection: enabled');
const service = `apiVersion: v1
kind: Service
metadata:
  name: istio-egressgateway
  namespace: istio-system
spec:
  selector:
    istio: egressgateway
  ports:
    - name: https
      port: 443
      targetPort: 8443
`;

const folders: Readonly<Record<string, ReadonlyMap<string, string>>> = {
  'an empty folder': new Map(),
  'the story': story,
  'clients and a waypoint': new Map([
    [`${home}apps/client.yaml`, client],
    [`${home}egress/waypoint.yml`, waypoint('exit', 'way-out')],
  ]),
  'a file for each kind': new Map([
    [`${home}client.yaml`, client],
    [`${home}exit/gateway.yaml`, waypoint('exit', 'way-out')],
    [`${home}exit/service-entries.yaml`, `${entry('one')}---\n${entry('two')}`],
    [`${home}exit/policies.yaml`, `${policy('one')}---\n${policy('two')}`],
  ]),
  'clients with sidecars': new Map([[`${home}client.yaml`, sidecars]]),
  'clients with sidecars, and a Service of the gateway': new Map([
    [`${home}client.yaml`, sidecars],
    [`${home}egress/gateway.yaml`, service],
  ]),
};

/** Another port of the host. */
const odd = { originate: '9443', 'pass-through': '9443', mutual: '9443', plain: '8080' } as const;

const classic = 'istio-system/istio-egressgateway';
const gateways: Readonly<Record<string, readonly string[]>> = {
  'an empty folder': ['common-infrastructure/egress-gateway'],
  'the story': ['common-infrastructure/egress-gateway', 'other/way-out'],
  'clients and a waypoint': ['exit/way-out', 'exit/second'],
  'a file for each kind': ['exit/way-out'],
  'clients with sidecars': [classic],
  'clients with sidecars, and a Service of the gateway': [classic],
};

const alternatives = {
  host: ['api.partner.example', 'api.partner.example,login.partner.example'],
  tls: ['originate', 'pass-through', 'mutual', 'plain'],
  callers: ['account', 'namespace', '*', 'several'],
  requests: [
    ['*', '*'],
    ['GET,POST', '*'],
    ['*', '/v1/*,/health'],
    ['GET', '/v1/*'],
  ],
  log: ['yes', 'no'],
} as const;

/** Clients that the folder knows. */
const clientsIn: Readonly<Record<string, readonly [account: string, namespace: string]>> = {
  'the story': ['default/curl', 'default'],
};

function callersOf(folder: string, kind: (typeof alternatives.callers)[number]): string {
  const [account, namespace] = clientsIn[folder] ?? ['shop/cart', 'shop'];
  if (kind === '*') return kind;
  if (kind === 'several') return `${account}, ${namespace}`;
  return kind === 'account' ? account : namespace;
}

/** One host and two by turns: the number of hosts is no answer of its own. */
function* combinations(folder: string, gateway: string): Generator<RouteAnswers> {
  let turn = 0;
  for (const tls of alternatives.tls)
    for (const port of [tls === 'plain' ? '80' : '443', odd[tls]])
      for (const callers of callersFor(gateway, tls).map((kind) => callersOf(folder, kind)))
        for (const [methods, paths] of alternatives.requests.slice(0, tls === 'pass-through' ? 1 : undefined))
          for (const log of alternatives.log) {
            const host = alternatives.host[turn++ % 3 === 0 ? 1 : 0];
            yield { host, tls, port, secret: 'certificate', callers, methods, paths, gateway, log };
            if (port !== odd[tls] && tls !== 'pass-through' && gateway !== classic && log === 'yes')
              yield { host: wildcard, tls, port, secret: 'certificate', callers, methods, paths, gateway, log };
          }
}

const wildcard = '*.partner.example';

/** A classic gateway does not know who sends TLS that passes through. */
function callersFor(gateway: string, tls: keyof typeof odd) {
  return gateway === classic && tls === 'pass-through' ? (['*'] as const) : alternatives.callers;
}

for (const [name, files] of Object.entries(folders))
  for (const gateway of gateways[name] ?? [])
    test(`${name}, gateway ${gateway}`, () => {
      const before = new Set(findingsOf(workspaceOf(files)));
      let count = 0;
      for (const answers of combinations(name, gateway)) {
        count++;
        const { question, problem, plan } = routeIn(files, answers);
        const asked = JSON.stringify(answers);
        assert.equal(question, null, asked);
        assert.equal(problem, null, asked);
        const after = workspaceOf(
          new Map([...files, ...(plan?.files ?? []).map(({ uri, after: text }) => [uri, text] as const)]),
        );
        const added = findingsOf(after).filter((one) => !before.has(one));
        assert.deepEqual(added, [], `${asked}\n${plan?.files.map(({ after: text }) => text).join('\n')}`);
        for (const { isAsAsked, trace, request } of plan?.requests ?? [])
          assert.ok(
            isAsAsked,
            `${asked} ${JSON.stringify(request.from.namespace)} ${trace.verdict} ${trace.summary}\n${plan?.files.map(({ after: text }) => text).join('\n')}`,
          );
        assert.ok((plan?.requests.length ?? 0) > 0);
      }
      assert.ok(count >= 180);
    });

function findingsOf(workspace: Workspace): readonly string[] {
  return [...workspace.uris].flatMap((uri) =>
    workspace.findings(uri).map(({ rule, message, severity }) => `${severity} ${rule}: ${message}`),
  );
}
