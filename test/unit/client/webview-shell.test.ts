// The HTML of a webview, and its messages: nothing that is given or sent gets past them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dispatch, typeOf } from '../../../client/src/webviews/kit/protocol.ts';
import { shellHtml } from '../../../client/src/webviews/kit/shell.ts';
import { object, text } from '../../../server/src/lsp/protocol/read.ts';

const shell = {
  name: 'a',
  title: 'A',
  script: 'vscode-resource:/a.js',
  style: 'vscode-resource:/a.css',
  nonce: 'n0',
  start: { given: null },
};

test('the page loads its own script and style sheet, and nothing else', () => {
  const html = shellHtml(shell);
  const policy = /content="([^"]*)">/.exec(html)![1];
  assert.equal(
    policy,
    "default-src 'none'; script-src 'nonce-n0'; style-src 'nonce-n0'; img-src data:; base-uri 'none'; form-action 'none'",
  );
  assert.deepEqual(html.match(/<(?:script|link)[^>]*>/g), [
    '<link rel="stylesheet" nonce="n0" href="vscode-resource:/a.css">',
    '<script nonce="n0" src="vscode-resource:/a.js">',
  ]);
  assert.doesNotMatch(html, /\son\w+=|\sstyle=|<style/);
});

test('what is given stays in its attribute', () => {
  const given = { url: `"><script>alert(1)</script><img src=x onerror='alert(1)'>&quot;\u2028` };
  const html = shellHtml({ ...shell, title: '</title><script>', start: { given } });
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.doesNotMatch(html, /<img/);
  const attribute = /data-start="([^"]*)"/.exec(html)![1]!;
  const back = attribute
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
  assert.deepEqual(JSON.parse(back), { given });
});

test('a message reaches its handler once it has the right shape', () => {
  const got: unknown[] = [];
  interface Messages {
    readonly open: { readonly uri: string };
  }
  const readers = { open: object<Messages['open']>({ uri: text }) };
  const send = (message: unknown) => dispatch<Messages>(readers, { open: (body) => got.push(body) }, message);
  send({ type: 'open', body: { uri: 'file:///a', more: 1 } });
  assert.deepEqual(got, [{ uri: 'file:///a' }]);
  assert.throws(() => send({ type: 'open', body: { uri: 1 } }), /`open.uri` must be a string/);
  assert.throws(() => send({ type: 'toString' }), /unknown message "toString"/);
  assert.throws(() => send({ type: '__proto__', body: {} }), /unknown message/);
  for (const message of [undefined, null, 'open', 1, [], {}, { type: 1 }]) {
    assert.throws(() => send(message));
    assert.equal(typeOf(message), undefined);
  }
  assert.equal(got.length, 1);
});
