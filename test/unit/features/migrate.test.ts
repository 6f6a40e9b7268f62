// Sets of an egress gateway: what each object is for, and what a migration to a waypoint makes of them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Draft } from '../../../server/src/engine/draft.ts';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import type { Trace } from '../../../server/src/eval/trace/step.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { migrate } from '../../../server/src/features/refactorings/migrate/migrate.ts';
import { leadsIn } from '../../../server/src/features/refactorings/migrate/requests-of-lead.ts';
import { compare } from '../../../server/src/features/refactorings/proof.ts';
import type { Kind } from '../../../server/src/model/kinds.ts';
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import { completeByDefault } from '../../../server/src/mesh/index/vouching.ts';
import { classicSets } from '../../kit/classic-sets.ts';
import { readTracePage } from '../../kit/trace-page.ts';
import { newWorkspace } from '../../kit/workspace.ts';

type Name = keyof typeof classicSets;
type Files = Readonly<Record<string, string>>;

const names: readonly Name[] = ['http', 'passthrough', 'origination', 'mutual'];
const urls: Readonly<Record<Name, string>> = {
  http: 'http://news.example.com/today',
  passthrough: 'https://news.example.com/',
  origination: 'http://news.example.com/today',
  mutual: 'http://news.example.com/today',
};

function workspaceOf(files: Files, completeKinds: readonly Kind[] = completeByDefault) {
  const workspace = newWorkspace({ completeKinds });
  for (const [name, text] of Object.entries(files)) workspace.setFile(`file:///${name}`, text);
  workspace.refresh();
  return workspace;
}

function traced(mesh: Mesh, url: string): Trace {
  const request = parseRequest({ url, from: 'shop/reader' });
  assert.ok(!('problem' in request));
  return trace(mesh, request);
}

function isSameOutcome(before: Mesh, after: Mesh, url: string): boolean {
  const request = parseRequest({ url, from: 'shop/reader' });
  assert.ok(!('problem' in request));
  return compare(before, after, request).isSameOutcome;
}

/** What becomes of the set's request, how many proxies log it, and what is found, without one of its objects. */
const without: Readonly<
  Record<Name, Readonly<Record<string, readonly [verdict: string, lines: number, rule: string]>>>
> = {
  http: {
    'entry.yaml': ['fails no-destination', 2, 'unknown-route-host'],
    'gateway.yaml': ['fails gateway-refuses', 1, 'unknown-gateway'],
    'route.yaml': ['allowed', 1, 'classic-egress-incomplete'],
    'rule.yaml': ['fails no-destination', 1, 'unknown-subset'],
  },
  passthrough: {
    // The sidecar knows no service for the server name, and lets it out.
    'entry.yaml': ['allowed', 1, 'unknown-route-host'],
    'gateway.yaml': ['fails gateway-refuses', 1, 'unknown-gateway'],
    'route.yaml': ['allowed', 1, 'classic-egress-incomplete'],
    'rule.yaml': ['fails no-destination', 1, 'unknown-subset'],
  },
  origination: {
    'entry.yaml': ['fails no-destination', 2, 'unknown-route-host'],
    'gateway.yaml': ['fails gateway-refuses', 1, 'unknown-gateway'],
    'route.yaml': ['allowed', 1, 'classic-egress-incomplete'],
    'rule.yaml': ['fails no-destination', 1, 'unknown-subset'],
    'origin.yaml': ['fails plaintext-to-tls', 2, 'plaintext-routed-to-tls-port'],
  },
  mutual: {
    'entry.yaml': ['fails no-destination', 2, 'unknown-route-host'],
    'gateway.yaml': ['fails gateway-refuses', 1, 'unknown-gateway'],
    'route.yaml': ['allowed', 1, 'classic-egress-incomplete'],
    'rule.yaml': ['fails no-destination', 1, 'unknown-subset'],
    'origin.yaml': ['fails plaintext-to-tls', 2, 'plaintext-routed-to-tls-port'],
    'secret.yaml': ['fails credential', 2, 'unknown-credential'],
  },
};

describe('sets of an egress gateway', () => {
  for (const name of names) {
    it(`${name}: goes through the gateway, without warnings`, () => {
      const workspace = workspaceOf(classicSets[name]);
      const found = traced(workspace.mesh, urls[name]);
      assert.equal(found.verdict, 'allowed');
      assert.equal(found.gateway?.name, 'istio-egressgateway');
      assert.deepEqual(
        found.hops.map(({ proxy }) => proxy),
        ['sidecar', 'gateway'],
      );
      const findings = [...workspace.uris].flatMap((uri) => workspace.findings(uri));
      const serious = findings.filter(({ severity }) => severity === 'warning' || severity === 'error');
      assert.deepEqual(serious, []);
    });

    it(`${name}: each object that is missing shows in the trace and in a finding`, () => {
      for (const [file, [verdict, lines, rule]] of Object.entries(without[name])) {
        const workspace = workspaceOf(
          Object.fromEntries(Object.entries(classicSets[name]).filter(([other]) => other !== file)),
          [...completeByDefault, 'Secret'],
        );
        const found = traced(workspace.mesh, urls[name]);
        assert.equal(found.cause ? `${found.verdict} ${found.cause}` : found.verdict, verdict, file);
        assert.equal(found.hops.length, lines, file);
        if (verdict === 'allowed') assert.equal(found.gateway, undefined, file);
        const rules = [...workspace.uris].flatMap((uri) => workspace.findings(uri).map((one) => one.rule));
        assert.ok(rules.includes(rule), `${file}: ${rules.join(', ')}`);
      }
    });

    it(`${name}: the requests of the set come out alike through a waypoint`, () => {
      const workspace = workspaceOf(classicSets[name]);
      const host = {
        textOf: (uri: string) => Object.entries(classicSets[name]).find(([file]) => uri === `file:///${file}`)?.[1],
        exists: (uri: string) => [...workspace.uris].includes(uri),
        documentAt: (document: number) => workspace.documentAt(document),
      };
      const draft = new Draft(workspace, host);
      const services = workspace.mesh.all('VirtualService');
      const lost = migrate(draft, workspace.mesh, services, true);
      assert.ok(lost);
      assert.ok(lost.includes('pods of shop keep their sidecars until they are restarted'));
      assert.ok(isSameOutcome(workspace.mesh, draft.mesh, urls[name]));
      assert.equal(traced(draft.mesh, urls[name]).waypoint?.name, 'waypoint');
      for (const kind of ['VirtualService', 'IstioGateway'] as const) assert.equal(draft.mesh.all(kind).length, 0);
    });
  }
});

describe('sets of an egress gateway of the Gateway API', () => {
  const page = readFileSync(join(import.meta.dirname, '../../pages/trace/gateway-api-egress.md'), 'utf8');
  // The ways of Istio's own pages, and TCP.
  for (const { heading, files, request } of readTracePage(page).slice(0, 5))
    it(`${heading}: the request comes out alike through a waypoint, and nothing of the gateway is left`, () => {
      const url = / (\w+:\S+)/.exec(request)?.[1] ?? '';
      const workspace = workspaceOf(files);
      const host = {
        textOf: (uri: string) => files[uri.replace('file:///', '')],
        exists: (uri: string) => [...workspace.uris].includes(uri),
        documentAt: (document: number) => workspace.documentAt(document),
      };
      const draft = new Draft(workspace, host);
      assert.equal(traced(workspace.mesh, url).gateway?.name, 'exit');
      const lost = migrate(draft, workspace.mesh, leadsIn(workspace.mesh), true);
      assert.deepEqual(
        lost?.filter((one) => !one.includes('for any name')),
        ['pods of shop keep their sidecars until they are restarted'],
      );
      assert.equal(lost.length > 1, heading.includes('originates'), 'that no name is compared is told');
      assert.ok(isSameOutcome(workspace.mesh, draft.mesh, url));
      assert.equal(traced(draft.mesh, url).waypoint?.name, 'waypoint');
      assert.deepEqual(leadsIn(draft.mesh), []);
      assert.deepEqual(
        draft.mesh.all('Gateway').map(({ name }) => name),
        ['waypoint'],
      );
    });
});
