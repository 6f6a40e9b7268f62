// URLs as people type them into Trace Request.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completeUrl } from '../../../client/src/trace/complete-url.ts';

const known = [
  { url: 'http://api.example.com/', host: 'api.example.com', port: 80, entry: 'egress/api' },
  { url: 'https://api.example.com/', host: 'api.example.com', port: 443, entry: 'egress/api' },
  { url: 'tcp://db.example.com:5432', host: 'db.example.com', port: 5432, entry: 'egress/db' },
  { url: 'https://www.shop.test:8443/', host: '*.shop.test', port: 8443, entry: 'egress/shop' },
];
for (const [typed, url] of [
  ['http://api.example.com/get', 'http://api.example.com/get'],
  ['  https://other.test ', 'https://other.test'],
  ['api.example.com', 'http://api.example.com/'],
  ['api.example.com/get?a=b', 'http://api.example.com/get?a=b'],
  ['API.example.com:443', 'https://API.example.com/'],
  ['db.example.com', 'tcp://db.example.com:5432'],
  ['a.shop.test/cart', 'https://a.shop.test:8443/cart'],
  ['unknown.test:443', 'https://unknown.test/'],
  ['unknown.test:8080?x', 'http://unknown.test:8080/?x'],
  ['[2001:db8::1]:80', 'http://[2001:db8::1]/'],
  ['two words', undefined],
  ['://', undefined],
  ['', undefined],
] as const)
  test(`${JSON.stringify(typed)} is ${url ?? 'no URL'}`, () => assert.equal(completeUrl(typed, known), url));
