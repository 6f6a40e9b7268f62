import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstRelated, joinedWith, mostRelated } from '../../../server/src/base/and-more.ts';

const places = (count: number) => Array.from({ length: count }, (_, i) => ({ message: `Place ${i}.` }));

test('of many places the last that is listed says how many more there are', () => {
  assert.deepEqual(firstRelated(places(mostRelated), mostRelated), places(mostRelated));
  const shown = firstRelated(places(250), 250);
  assert.equal(shown.length, mostRelated);
  assert.equal(shown.at(-1)?.message, 'Place 19. 230 more are not listed.');
  assert.equal(shown.at(-2)?.message, 'Place 18.');
  assert.equal(firstRelated(places(21), 21).at(-1)?.message, 'Place 19. 1 more is not listed.');
});

test('names are joined, of many the first two with how many more', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const joined = (word: 'and' | 'or' | ',', count: number) => joinedWith(word, names.slice(0, count), (name) => name);
  assert.deepEqual(
    [joined('and', 1), joined('or', 2), joined(',', 3), joined('or', 7), joined(',', 7)],
    ['a', 'a or b', 'a, b, c', 'a or b or 5 more', 'a, b and 5 more'],
  );
});
