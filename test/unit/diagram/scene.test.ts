// The picture stays readable: what is alike shares a card, many rows are folded, everything keeps its link.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterGraph, noFilter } from '../../../server/src/diagram/filter.ts';
import type { EgressGraph, Verdict } from '../../../server/src/diagram/graph.ts';
import { layOut } from '../../../server/src/diagram/layout.ts';
import { sceneOf } from '../../../server/src/diagram/scene.ts';
import { graphOf, type Flow } from '../../kit/graph.ts';

const titlesOf = (graph: EgressGraph<string>, toggled: readonly string[] = []) =>
  sceneOf(graph, { toggled: new Set(toggled) }).cards.map(({ title, rows }) =>
    rows.length === 0 ? title : `${title}: ${rows.map(({ label, word }) => `${label} ${word}`).join(', ')}`,
  );

test('accounts share the card of their namespace, ports that of their host', () => {
  const graph = graphOf([
    ['shop/web', 'a.example.com:443', 'all'],
    ['shop/web', 'a.example.com:80', 'none'],
    ['shop', 'a.example.com:443', 'none'],
    ['*', 'a.example.com:443', 'none'],
  ]);
  assert.deepEqual(titlesOf(graph), [
    'shop: web mixed, other accounts none',
    'all other clients',
    'main',
    'a.example.com: 443 TLS pass-through, 80 pass-through',
  ]);
  const { cards } = sceneOf(graph);
  assert.deepEqual(titlesOf(graph, [cards[0]!.id]).slice(0, 2), ['shop', 'all other clients']);
});

test('beyond a dozen, hosts that are treated alike share a card', () => {
  const alike = Array.from({ length: 30 }, (_, i): Flow => ['shop', `h${i}.example.com`, 'all']);
  const graph = graphOf([...alike, ['shop', 'other.net', 'none']]);
  assert.deepEqual(titlesOf(graph).slice(2), ['30 hosts in example.com', 'other.net: 443 TLS pass-through']);
  assert.equal(sceneOf(graph).links.length, 3);
  const [, , folded] = sceneOf(graph).cards;
  assert.match(titlesOf(graph, [folded!.id])[2]!, /^30 hosts in example\.com: h0\.example\.com:443 pass-through, /);
});

test('what is all different ends in one last card, which opens', () => {
  const each = Array.from({ length: 60 }, (_, i): Flow => [`n${i}`, `h${i}.d${i}.org`, 'all']);
  const graph = graphOf([...each, ['*', 'h0.d0.org', 'none']]);
  const titles = titlesOf(graph);
  assert.equal(titles.length, 20 + 1 + 20);
  assert.equal(titles[19], '42 more namespaces');
  assert.ok(titles.includes('all other clients'), 'who is named nowhere always has a card');
  assert.equal(titles.at(-1), '41 more hosts');
  assert.equal(titlesOf(graph, ['clients:more', 'hosts:more']).length, 61 + 1 + 60);
});

/** Whatever the folding, each connection is in one link on each side, and every link joins cards that are there. */
function isWhole(graph: EgressGraph<string>, toggled: readonly string[] = []): void {
  const scene = sceneOf(graph, { toggled: new Set(toggled) });
  const cards = new Set(scene.cards.map(({ id }) => id));
  for (const side of ['client', 'host'] as const) {
    const links = scene.links.filter((link) => link.side === side);
    assert.deepEqual(
      links.flatMap(({ edges }) => edges).sort((a, b) => a - b),
      graph.edges.map((_, i) => i),
    );
    for (const { from, to } of links) assert.ok(cards.has(from.card) && cards.has(to.card));
  }
  assert.equal(cards.size, scene.cards.length);
}

test('500 hosts and 200 clients are aggregated, and laid out quickly even where nothing is left out', () => {
  const verdicts: readonly Verdict[] = ['all', 'some', 'none', 'undetermined'];
  const flows = Array.from({ length: 200 }, (_, c) =>
    Array.from(
      { length: 500 },
      (_, h): Flow => [`team-${c % 40}/app-${c}`, `h${h}.d${h % 7}.org`, verdicts[((c % 40) * h) % 4]!],
    ),
  ).flat();
  const graph = graphOf(flows);
  isWhole(graph);
  const before = process.cpuUsage();
  const scene = sceneOf(graph);
  const layout = layOut(scene);
  const { user, system } = process.cpuUsage(before);
  assert.ok(scene.cards.length <= 41, `${scene.cards.length} cards`);
  assert.ok(layout.height < 3000, `${layout.height} px`);
  // 100,000 connections, where the server sends at most 5000. Processor time, which other programs do not change much.
  assert.ok(user + system < 3e6, `${(user + system) / 1000} ms`);
});

test('cards do not overlap, columns stand beside each other, and links end at cards', () => {
  const graph = graphOf([
    ['shop/web', 'a.example.com', 'all'],
    ['shop/web', 'b.example.com', 'none', 'second'],
    ['pay', 'b.example.com', 'some', 'second'],
    ['*', '*:0', 'all', 'none'],
  ]);
  isWhole(graph);
  const { cards, links } = layOut(sceneOf(graph));
  for (const [i, a] of cards.entries())
    for (const b of cards.slice(i + 1))
      assert.ok(
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y,
        `${a.card.title} and ${b.card.title}`,
      );
  const ends = [0, 1, 2].map((column) => cards.filter(({ card }) => card.column === column));
  assert.ok(Math.max(...ends[0]!.map(({ x, width }) => x + width)) < Math.min(...ends[1]!.map(({ x }) => x)));
  assert.ok(Math.max(...ends[1]!.map(({ x, width }) => x + width)) < Math.min(...ends[2]!.map(({ x }) => x)));
  assert.equal(links.length, sceneOf(graph).links.length);
  assert.ok(cards.some(({ card }) => card.isWarning && card.title === 'no gateway'));
});

test('a filter keeps what fits, with its ends only', () => {
  const graph = graphOf([
    ['shop/web', 'a.example.com', 'all'],
    ['shop/web', 'b.example.com', 'none'],
    ['pay/desk', 'b.example.com', 'some', 'none'],
    ['*', 'b.example.com', 'none'],
  ]);
  const found = (filter: Partial<typeof noFilter>) =>
    filterGraph(graph, { ...noFilter, ...filter }).edges.map(({ client, host }) => `${client} ${host}`);
  assert.equal(found({}).length, 4);
  assert.deepEqual(found({ text: 'A.EXAMPLE' }), ['client:shop/web host:a.example.com']);
  assert.deepEqual(found({ text: 'desk' }), ['client:pay/desk host:b.example.com']);
  assert.deepEqual(found({ namespaces: ['*'] }), ['client:* host:b.example.com']);
  assert.equal(found({ verdicts: ['none'] }).length, 2);
  assert.deepEqual(found({ onlyWithoutGateway: true }), ['client:pay/desk host:b.example.com']);
  const direct = { ...graph, edges: graph.edges.map((edge) => ({ ...edge, bypasses: false })) };
  assert.equal(
    filterGraph(direct, { ...noFilter, onlyWithoutGateway: true }).edges.length,
    1,
    'nothing is meant for it',
  );
  const left = filterGraph(graph, { ...noFilter, text: 'desk' });
  assert.deepEqual([left.clients.length, left.gateways.length, left.hosts.length], [1, 1, 1]);
  assert.deepEqual(found({ onlyWithFindings: true }), []);
});
