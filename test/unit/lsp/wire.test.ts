// The border to the wire: what comes back for malformed, cancelled, failing and early requests.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancellationTokenSource, ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Used } from '../../../server/src/base/long-run.ts';
import { createGuard } from '../../../server/src/lsp/guard.ts';
import { ContentModified } from '../../../server/src/lsp/unanswered.ts';
import type { Session } from '../../../server/src/lsp/session.ts';
import { visibleLog } from '../../../server/src/lsp/visible-log.ts';
import { wireMessages, type Wire } from '../../../server/src/lsp/wire.ts';

type Handle = (...args: readonly unknown[]) => unknown;

/** The server's handlers over a session of which only these parts are there. */
function wired(session: Partial<Session> | undefined, used?: () => Used) {
  const requests = new Map<string, Handle>();
  const notifications = new Map<string, Handle>();
  const errors: string[] = [];
  const warnings: string[] = [];
  const console = {
    info: assert.fail,
    error: (message: string) => errors.push(message),
    warn: (message: string) => warnings.push(message),
  };
  const connection = {
    console,
    onRequest: (method: string, handle: Handle) => requests.set(method, handle),
    onNotification: (method: string, handle: Handle) => notifications.set(method, handle),
  } as unknown as Wire['connection'];
  const notices: string[] = [];
  wireMessages({
    connection,
    guard: createGuard({ log: visibleLog(console), notify: (message) => notices.push(message), used }),
    session: () => session && ({ catchUp: () => {}, ...session } as Session),
  });
  const { token } = new CancellationTokenSource();
  const ask = async (method: string, params: unknown, wanted = token) =>
    params === undefined ? requests.get(method)!(wanted) : requests.get(method)!(params, wanted);
  return {
    ask,
    notify: (method: string, params: unknown) => notifications.get(method)!(params),
    errors,
    warnings,
    notices,
    methods: [...requests.keys()],
  };
}

function assertError(answer: unknown, code: number, message: RegExp): void {
  assert.ok(answer instanceof ResponseError);
  assert.equal(answer.code, code);
  assert.match(answer.message, message);
}

test('before `initialize` no request is answered', async () => {
  const { ask, methods } = wired(undefined);
  for (const method of methods) assertError(await ask(method, {}), ErrorCodes.ServerNotInitialized, /must come first/);
  assert.ok(methods.length > 18);
});

test('malformed parameters of standard requests and of our own are refused, and nothing is logged', async () => {
  const { ask, methods, errors } = wired({});
  const withoutParams = [
    'istioEgress/checkWorkspace',
    'istioEgress/map',
    'istioEgress/graph',
    'istioEgress/fileObjects',
  ];
  const malformed = { uri: 3, textDocument: null, uris: 3, objects: {}, position: [], item: {} };
  // An action of another shape is not one of the server's, and is given back as it came.
  for (const method of methods.filter((one) => !withoutParams.includes(one)))
    for (const params of [undefined, null, [], 'x', ...(method === 'codeAction/resolve' ? [] : [malformed])])
      assertError(await ask(method, params), ErrorCodes.InvalidParams, new RegExp(`^${method}: .* must be `));
  assert.deepEqual(errors, []);
});

test('a request that is cancelled while it waits is not worked on', async () => {
  const source = new CancellationTokenSource();
  source.cancel();
  const { ask } = wired({});
  assertError(await ask('istioEgress/map', undefined, source.token), LSPErrorCodes.RequestCancelled, /cancelled/);
});

test('what rests on all files is answered when no folder is being read', async () => {
  let end: (() => void) | undefined;
  const { ask } = wired({
    whenRead: () => new Promise((resolve) => (end = resolve)),
    workspaceFor: () => assert.fail('is asked while folders are being read'),
  });
  const asked = ask('istioEgress/requestChoices', { uri: null });
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(end);
  end();
  assertError(await asked, ErrorCodes.InternalError, /internal error/);
});

test('cancelling reaches the handler that is at work', async () => {
  const source = new CancellationTokenSource();
  let seen = false;
  const { ask } = wired({
    async checkWorkspace(token) {
      source.cancel();
      await Promise.resolve();
      seen = token.isCancellationRequested;
      return { files: 0, resources: 0, findings: { error: 0, warning: 0, information: 0, hint: 0 }, skipped: [] };
    },
  });
  assertError(
    await ask('istioEgress/checkWorkspace', undefined, source.token),
    LSPErrorCodes.RequestCancelled,
    /cancelled/,
  );
  assert.ok(seen);
});

test('an internal error is logged, shown once, and answered', async () => {
  const { ask, errors, notices } = wired({
    placeOf: () => {
      throw new Error('broken');
    },
  });
  const at = { textDocument: { uri: 'file:///a.yaml' }, position: { line: 0, character: 0 } };
  assert.equal(await ask('textDocument/hover', at), null);
  const params = { uri: 'file:///a.yaml', position: at.position };
  assertError(await ask('istioEgress/namespaceAt', params), ErrorCodes.InternalError, /internal error/);
  assert.equal(errors.length, 2);
  assert.match(errors[0]!, /^textDocument\/hover: Error: broken/);
  assert.equal(notices.length, 1);
});

test('an answer that an edit overtook is given up, which is no internal error', async () => {
  const { ask, errors } = wired({
    workspaceFor: () => {
      throw new ContentModified();
    },
  });
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const item = { uri: 'file:///a.yaml', selectionRange: range, data: { namespace: 'shop' } };
  const answer = await ask('callHierarchy/outgoingCalls', { item });
  assertError(answer, LSPErrorCodes.ContentModified, /edited meanwhile/);
  assert.deepEqual(errors, []);
});

test('a malformed notification is logged and changes nothing', () => {
  const clusters: unknown[] = [];
  const { notify, errors } = wired({ setCluster: (cluster) => clusters.push(cluster) });
  notify('istioEgress/cluster', { cluster: { context: 7 } });
  assert.deepEqual(errors, ['istioEgress/cluster: `cluster.context` must be a string, not `7`.']);
  const controlPlane = { namespace: 'istio-system' };
  const object = (kind: string) => ({ kind, namespace: 'a', name: 'b', object: {} });
  notify('istioEgress/cluster', {
    cluster: {
      context: 'dev',
      objects: [object('Service'), object('Newer')],
      complete: ['Service', 'Newer'],
      controlPlane,
    },
  });
  notify('istioEgress/cluster', { cluster: null });
  assert.deepEqual(clusters, [
    {
      context: 'dev',
      namespaces: undefined,
      objects: [object('Service')],
      complete: ['Service'],
      controlPlane: { namespace: 'istio-system', version: undefined, meshText: undefined },
    },
    undefined,
  ]);
});

test('an answer that took long is told once, by its request and file', async () => {
  let seconds = 0;
  const later = (more: number) => () => {
    seconds += more;
    return { seconds, gigabytes: 0.25 };
  };
  const uri = 'file:///w/a\u001b.yaml';
  const asked = { textDocument: { uri }, position: { line: 0, character: 0 } };
  const long = wired({ placeOf: () => undefined }, later(12));
  for (let i = 0; i < 3; i++) await long.ask('textDocument/hover', asked);
  await long.ask('istioEgress/trust', undefined).catch(() => undefined);
  assert.deepEqual(long.warnings, [
    'answering textDocument/hover for file:///w/a\\x1b.yaml took 12 s of processor time, and the language server holds 0.3 GiB of memory. Files that need not be checked can be listed under "ignore" in .istio-egress.yaml.',
  ]);
  const short = wired({ placeOf: () => undefined }, later(3));
  await short.ask('textDocument/hover', asked);
  assert.deepEqual(short.warnings, []);
});

test('names in the log are texts', async () => {
  const { ask, errors } = wired({
    placeOf: () => {
      throw new Error('entry a\u001b[2J\u202e is broken');
    },
  });
  await ask('textDocument/hover', { textDocument: { uri: 'file:///a' }, position: { line: 0, character: 0 } });
  assert.match(errors[0]!, /^textDocument\/hover: Error: entry a\\x1b\[2J\\u\{202e\} is broken\n/);
});
