import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAddressOrRange, isIpAddress, parseRange } from '../../../server/src/names/addresses.ts';

test('addresses are those that net/netip reads', () => {
  const valid = ['1.2.3.4', '0.0.0.0', '::', '::1', 'fd00::1', '2001:DB8::7', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4'];
  for (const text of [...valid, '1:2:3:4:5:6:1.2.3.4', 'fe80::1%eth0']) assert.equal(isIpAddress(text), true, text);
  for (const text of [
    '',
    '1.2.3',
    '1.2.3.400',
    '1.2.3.04',
    '01.2.3.4',
    ' 1.2.3.4',
    '1.2.3.4%eth0',
    'a.b.c.d',
    'httpbin.org',
    'a:b',
    'a:b:c',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4::5:6:7:8',
    '1::2::3',
    '12345::1',
    '1.2.3.4::1',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '::01.2.3.4',
    'fe80::1%',
  ])
    assert.equal(isIpAddress(text), false, text);
});

test('ranges have a length without zeros before it that fits the family, and no zone', () => {
  for (const text of ['10.0.0.0/8', '10.1.2.3', '0.0.0.0/0', '2001:db8::/32', '::1/128', 'fe80::1%eth0'])
    assert.equal(isAddressOrRange(text), true, text);
  for (const text of [
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '::/129',
    'fe80::1%eth0/64',
    'x/8',
    '/8',
  ])
    assert.equal(isAddressOrRange(text), false, text);
  assert.deepEqual(parseRange('10.0.0.0/8'), { family: 4, bits: 0x0a000000n, prefix: 8 });
  assert.deepEqual(parseRange('::ffff:1.2.3.4'), { family: 6, bits: 0xffff01020304n, prefix: 128 });
  assert.equal(parseRange('fe80::1%eth0'), undefined);
});
