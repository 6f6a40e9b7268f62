// Each format writes names as text: nothing in a manifest becomes markup, a link, a command of the terminal or a part of the picture's language.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clean, shortened } from '../../../server/src/diagram/clean.ts';
import { dotOf } from '../../../server/src/diagram/dot.ts';
import type { EgressGraph } from '../../../server/src/diagram/graph.ts';
import { mermaidOf } from '../../../server/src/diagram/mermaid.ts';
import { svgOf } from '../../../server/src/diagram/svg.ts';

const hostile = [
  '</text><script>alert(1)</script>',
  '"]; click n0 "javascript:alert(1)"; x["',
  '`**[x](command:workbench.action.quit)**`',
  '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007',
  '\u009b31mred',
  '\u202egnp.exe',
  'a\nb" -> "c',
  'back\\',
  '%%{init: {}}%% end',
  '&lt;&#x41;]]>',
];

function graphWith(name: string): EgressGraph<unknown> {
  return {
    short: false,
    clients: [{ id: `client:${name}`, namespace: name, account: name, from: name }],
    gateways: [{ id: `gateway:${name}`, kind: 'waypoint', namespace: name, name, place: null }],
    hosts: [{ id: `host:${name}`, host: name, ports: [{ number: 80, protocol: name, url: name }], place: null }],
    edges: [
      {
        client: `client:${name}`,
        gateway: `gateway:${name}`,
        host: `host:${name}`,
        port: 80,
        access: 'some',
        allowed: name,
        tls: 'originated',
        bypasses: true,
        because: [],
        notes: [name],
      },
    ],
    findings: [{ rule: 'a', severity: 'error', message: name, place: {}, nodes: [`host:${name}`] }],
  };
}

const controls =
  // oxlint-disable-next-line no-control-regex -- they are what must not be there
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

for (const name of hostile)
  test(`hostile name ${JSON.stringify(name)}`, () => {
    const graph = graphWith(name);
    const [svg, mermaid, dot] = [svgOf(graph), mermaidOf(graph), dotOf(graph)];
    for (const text of [svg, mermaid, dot]) assert.doesNotMatch(text, controls);
    const plain = [svgOf(graphWith('x')), mermaidOf(graphWith('x')), dotOf(graphWith('x'))] as const;
    // The same elements and attributes as with a harmless name.
    const tags = (text: string) => text.match(/<\/?[a-zA-Z]+/g)?.map((tag) => tag.toLowerCase());
    assert.deepEqual(tags(svg), tags(plain[0]));
    assert.doesNotMatch(svg, /\shref|\son[a-z]+=/);
    // The same lines, each label being one quoted text.
    const shape = (text: string) => text.replace(/"[^"\n]*"/g, '""');
    assert.equal(shape(mermaid), shape(plain[1]));
    const unescaped = (text: string) =>
      text
        .replace(/\\\\/g, '')
        .replace(/\\"/g, '')
        .replace(/"[^"\n]*"/g, '""');
    assert.equal(unescaped(dot), unescaped(plain[2]));
    for (const label of mermaid.match(/"[^"\n]*"/g) ?? []) assert.match(label, /^"(?:[\p{L}\p{N} .,:/_·…-]|#\d+;)*"$/u);
  });

test('a name is shortened in its middle, and shows that something unsafe was in it', () => {
  assert.equal(shortened('common-infrastructure', 10), 'commo…ture');
  assert.equal(shortened('short', 10), 'short');
  assert.equal(clean('a\u001bb\ud800c😀'), 'a\\x1bb\\u{d800}c😀');
});

test('the picture of a graph', () => {
  const graph = graphWith('x');
  assert.match(
    svgOf(graph),
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]+aria-label="Egress: 1 client, 1 gateway, 1 host">/,
  );
  assert.match(svgOf(graph, { scheme: 'dark' }), /<style>svg\{--back:#0d1117/);
  assert.equal(
    mermaidOf(graph),
    [
      'flowchart LR',
      '  subgraph n0["x"]',
      '    n1["x · x"]',
      '  end',
      '  n2{{"x · waypoint, x"}}',
      '  subgraph n3["x"]',
      '    n4["80 x · TLS"]',
      '  end',
      '  n1 ==>|"some, past its gateway"| n2',
      '  n2 ==>|"some, TLS, past its gateway"| n4',
      '',
    ].join('\n'),
  );
  assert.match(dotOf(graph), /^digraph egress \{\n {2}rankdir=LR;/);
});
