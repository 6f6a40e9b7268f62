// The built command line: the picture of the story in each format.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../kit/cli.ts';

const graph = (...args: string[]) => runCli(['graph', ...args]);

test('the story as SVG, by default', () => {
  const { code, out, err } = graph('examples');
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /^<svg [^>]+aria-label="Egress: 4 clients, 1 gateway, 1 host">/);
  for (const name of ['curl', 'GET', 'egress-gateway', 'httpbin.org', '80 HTTP', 'TLS'])
    assert.match(out, new RegExp(`>${name}<`));
});

test('the story as Mermaid and DOT', () => {
  assert.match(
    graph('examples', '--format', 'mermaid').out,
    /\{\{"egress-gateway · waypoint, common-infrastructure"\}\}/,
  );
  assert.match(graph('examples', '--format', 'dot').out, /^digraph egress \{/);
});

test('the story as data', () => {
  const { out } = graph('examples', '--format', 'json');
  const { version, short, edges, findings } = JSON.parse(out) as {
    version: number;
    short: boolean;
    edges: { client: string; access: string; allowed: string; tls: string; because: { file: string }[] }[];
    findings: unknown[];
  };
  assert.deepEqual([version, short, findings], [1, false, []]);
  assert.deepEqual(
    edges.map(({ client, access, allowed, tls }) => [client, access, allowed, tls]),
    [
      ['client:common-infrastructure/*', 'none', 'denied', 'originated'],
      ['client:default/curl', 'some', 'GET', 'originated'],
      ['client:default/*', 'none', 'denied', 'originated'],
      ['client:*', 'none', 'denied', 'originated'],
    ],
  );
  assert.equal(edges[1]!.because[0]!.file, 'examples/authorization-policy.yaml');
});

test('no resources are told apart from an empty picture, and an unknown format is refused', () => {
  const nothing = graph('examples/client.yaml');
  assert.equal(nothing.code, 0);
  assert.match(nothing.err, /No Istio or Gateway API resources found/);
  assert.match(nothing.out, /Egress: 0 clients, 0 gateways, 0 hosts/);
  const wrong = graph('examples', '--format', 'png');
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /--format png is not valid: use svg, mermaid, dot, json/);
});
