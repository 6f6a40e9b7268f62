// What differs between two graphs, where either may leave out clients that are treated as wider ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceOf } from '../../../server/src/diagram/difference.ts';
import { sceneOf } from '../../../server/src/diagram/scene.ts';
import { graphOf, type Flow } from '../../kit/graph.ts';

function differences(cluster: readonly Flow[], files: readonly Flow[]): readonly string[] {
  return differenceOf(graphOf(cluster), graphOf(files)).edges.map(
    ({ client, host, port, access, change }) =>
      `${change?.what} ${client} ${host}:${port} ${access}, was ${change?.before}`,
  );
}

const base: readonly Flow[] = [
  ['shop/web', 'a.example.com', 'all'],
  ['shop', 'a.example.com', 'none'],
  ['*', 'a.example.com', 'none'],
];

test('nothing differs from itself', () => assert.deepEqual(differences(base, base), []));

test('a host that one side lacks, an answer and a gateway that differ', () => {
  assert.deepEqual(
    differences(base, [
      ['shop/web', 'a.example.com', 'none'],
      ['shop', 'a.example.com', 'none', 'other'],
      ['*', 'a.example.com', 'none'],
      ['*', 'b.example.com', 'all'],
    ]),
    [
      'changed client:shop/web host:a.example.com:443 none, was all, through egress/main, pass-through',
      'changed client:shop/* host:a.example.com:443 none, was none, through egress/main, pass-through',
      'added client:* host:b.example.com:443 all, was not there',
    ],
  );
  assert.deepEqual(differences([...base, ['*', 'b.example.com', 'all']], base), [
    'removed client:* host:b.example.com:443 all, was all, through egress/main, pass-through',
  ]);
});

test('a client that is left out is treated as its namespace, or as all others', () => {
  const short: readonly Flow[] = [
    ['shop/web', 'a.example.com', 'all'],
    ['*', 'a.example.com', 'none'],
  ];
  assert.deepEqual(differences(base, short), []);
  assert.deepEqual(differences(short, base), []);
  assert.deepEqual(differences(short, [['*', 'a.example.com', 'none']]), [
    'changed client:shop/web host:a.example.com:443 none, was all, through egress/main, pass-through',
  ]);
});

test('the picture says on which side a connection is', () => {
  const graph = differenceOf(graphOf(base), graphOf([...base, ['pay', 'b.example.com', 'all']]));
  assert.deepEqual(
    sceneOf(graph).cards.map(({ title, word }) => `${title} ${word}`.trim()),
    ['pay only in files', 'main', 'b.example.com'],
  );
});
