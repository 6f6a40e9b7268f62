// What Envoy makes of a path, by mode.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { normalisePath } from '../../../server/src/eval/http-path.ts';
import { pathNormalizations } from '../../../server/src/sources/mesh-config.ts';

type Row = readonly [sent: string, none: string, base: string, merged: string, decoded: string];

const rows: readonly Row[] = [
  ['/', '/', '/', '/', '/'],
  ['/get', '/get', '/get', '/get', '/get'],
  ['/%61dmin', '/%61dmin', '/admin', '/admin', '/admin'],
  ['/%41%2D%2e%5F%7e', '/%41%2D%2e%5F%7e', '/A-._~', '/A-._~', '/A-._~'],
  ['/a%20b%c3%a9', '/a%20b%c3%a9', '/a%20b%c3%a9', '/a%20b%c3%a9', '/a%20b%c3%a9'],
  ['/x/%2e%2e/get', '/x/%2e%2e/get', '/get', '/get', '/get'],
  ['/a/./b/', '/a/./b/', '/a/b/', '/a/b/', '/a/b/'],
  ['/a/b/..', '/a/b/..', '/a/', '/a/', '/a/'],
  ['/../..', '/../..', '/', '/', '/'],
  ['/a\\b', '/a\\b', '/a/b', '/a/b', '/a/b'],
  ['//admin', '//admin', '//admin', '/admin', '/admin'],
  ['/admin%2fx', '/admin%2fx', '/admin%2fx', '/admin%2fx', '/admin/x'],
  ['/a%5Cb', '/a%5Cb', '/a%5Cb', '/a%5Cb', '/a/b'],
  ['/a%2f%2e%2e%2fb', '/a%2f%2e%2e%2fb', '/a%2f..%2fb', '/a%2f..%2fb', '/b'],
  ['/x/%zz/../admin', '/x/%zz/../admin', '/x/admin', '/x/admin', '/x/admin'],
  ['/%61%zz', '/%61%zz', '/a%zz', '/a%zz', '/a%zz'],
  ['/a%2', '/a%2', '/a%2', '/a%2', '/a%2'],
  ['/{a}|"b"', '/{a}|"b"', '/%7Ba%7D%7C%22b%22', '/%7Ba%7D%7C%22b%22', '/%7Ba%7D%7C%22b%22'],
  ['/a<b>^`[c]', '/a<b>^`[c]', '/a%3Cb%3E%5E%60[c]', '/a%3Cb%3E%5E%60[c]', '/a%3Cb%3E%5E%60[c]'],
  ['/a?x=/../%61', '/a?x=/../%61', '/a?x=/../%61', '/a?x=/../%61', '/a?x=/../%61'],
];

for (const [sent, ...wanted] of rows)
  test(`${sent} as each mode has it`, () =>
    assert.deepEqual(
      pathNormalizations.map((mode) => normalisePath(sent, mode)),
      wanted.map((path) => ({ path })),
    ));

for (const sent of ['/a%00', '/%00'])
  test(`${sent} is refused but with NONE`, () =>
    assert.deepEqual(
      pathNormalizations.map((mode) => 'refused' in normalisePath(sent, mode)),
      [false, true, true, true],
    ));

test('a path that is normal stays as it is', () => {
  const part = fc.constantFrom('a', '.', '..', '%2e', '%61', '%41', '/', '//', '\\', '%2F', '%5c', '?x', ';v=1', '%20');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.constantFrom(...pathNormalizations), (parts, mode) => {
      const once = normalisePath(`/${parts.join('')}`, mode);
      if ('path' in once) assert.deepEqual(normalisePath(once.path, mode), once);
    }),
  );
});
