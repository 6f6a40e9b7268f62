// Clients with the same answer in few words: a whole namespace is told from a part of it, and long lists are counted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subjectsText } from '../../../server/src/eval/access/subjects-text.ts';
import type { Subject } from '../../../server/src/eval/access/access-subjects.ts';

/** `*`, `ns` for its other accounts, `ns/account`. */
function subject(text: string): Subject {
  if (text === '*') return '*';
  const [namespace = '', serviceAccount] = text.split('/');
  return { namespace, serviceAccount };
}
const subjects = (text: string) => text.split(' ').map(subject);
const all = subjects('jobs/cron jobs shop/cart shop/pay shop *');
const many = Array.from({ length: 40 }, (_, i) => subject(`shop/a${String(i).padStart(2, '0')}`));

const cases: readonly (readonly [some: readonly Subject[], of: readonly Subject[], text: string])[] = [
  [all, all, 'all clients'],
  [subjects('*'), subjects('*'), 'all other clients'],
  [subjects('shop/cart'), all, 'shop/cart'],
  [subjects('shop'), all, 'other accounts in shop'],
  [subjects('shop/cart shop/pay shop'), all, 'all accounts in shop'],
  // Without the row of the rest, the namespace is not whole.
  [subjects('shop/cart shop/pay'), all, 'shop/cart, shop/pay'],
  [
    subjects('jobs/cron jobs shop/pay shop *'),
    all,
    'shop/pay; all accounts in jobs; other accounts in shop; all other clients',
  ],
  [many, [...many, ...all], 'shop/a00, shop/a01, shop/a02 and 37 more accounts'],
  [
    subjects('a b c d e f'),
    [...subjects('a b c d e f a/x b/x c/x d/x e/x f/x'), '*'],
    'other accounts in a, b, c and 3 more namespaces',
  ],
];
for (const [some, of, text] of cases) test(text, () => assert.equal(subjectsText(some, of), text));
