// Sets of an egress gateway of the Gateway API, as the trace pages have them: what becomes of the request, and what is found, without each object.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { completeByDefault } from '../../../server/src/mesh/index/vouching.ts';
import { readTracePage } from '../../kit/trace-page.ts';
import { newWorkspace } from '../../kit/workspace.ts';

type Expected = readonly [outcome: string, lines: number, rule: string | undefined];

const direct: Expected = ['allowed', 1, 'classic-egress-incomplete'];
const withoutEntry: Expected = ['allowed', 1, 'unknown-route-parent'];
const open: Expected = ['undetermined', 0, undefined];
const missingGateway: Expected = ['undetermined', 0, 'unknown-gateway'];
const refused: Expected = ['fails gateway-refuses', 2, 'request-fails'];
const unencrypted: Expected = ['fails plaintext-to-tls', 2, 'request-fails'];

/** By the kind and name of the object that is left out. */
const without: Readonly<Record<string, Readonly<Record<string, Expected>>>> = {
  HTTP: {
    'Namespace shop': open,
    'ServiceEntry news': withoutEntry,
    'Gateway exit': missingGateway,
    'HTTPRoute to-gateway': direct,
    'HTTPRoute outward': ['fails gateway-without-route', 2, 'request-fails'],
  },
  'HTTPS that passes through': {
    'Namespace shop': open,
    'ServiceEntry news': withoutEntry,
    'Gateway exit': missingGateway,
    'TLSRoute to-gateway': direct,
    'TLSRoute outward': ['fails gateway-without-route', 1, 'request-fails'],
  },
  'TLS that the gateway originates': {
    'Namespace shop': open,
    'ServiceEntry news': withoutEntry,
    'Gateway exit': missingGateway,
    'HTTPRoute to-gateway': direct,
    'HTTPRoute outward': ['fails gateway-without-route', 2, 'request-fails'],
    'DestinationRule gateway': refused,
    'DestinationRule news': unencrypted,
  },
  'Mutual TLS that the gateway originates': {
    'Namespace shop': open,
    'ServiceEntry news': withoutEntry,
    'Gateway exit': missingGateway,
    'HTTPRoute to-gateway': direct,
    'HTTPRoute outward': ['fails gateway-without-route', 2, 'credential-needs-workload-selector'],
    'DestinationRule gateway': refused,
    'DestinationRule news': unencrypted,
    'Secret news-client': ['fails credential', 2, 'request-fails'],
  },
};

const page = readFileSync(join(import.meta.dirname, '../../pages/trace/gateway-api-egress.md'), 'utf8');
const sets = readTracePage(page).slice(0, 4);

describe('sets of an egress gateway of the Gateway API', () => {
  for (const { heading, files, request } of sets) {
    const objects = Object.values(files).flatMap((text) => text.split(/^---$/m));
    const url = / (\w+:\S+)/.exec(request)?.[1] ?? '';

    it(`${heading}: goes through the gateway, without warnings`, () => {
      const { found, findings } = result(objects, url);
      assert.equal(found.verdict, 'allowed');
      assert.deepEqual(
        found.hops.map(({ proxy }) => proxy),
        ['sidecar', 'gateway'],
      );
      assert.deepEqual(
        findings.filter(({ severity }) => severity === 'warning' || severity === 'error'),
        [],
      );
    });

    it(`${heading}: each object that is missing shows in the trace and in a finding`, () => {
      assert.deepEqual(objects.map(nameOf).sort(), Object.keys(without[heading]!).sort());
      for (const left of objects) {
        const [outcome, lines, rule] = without[heading]![nameOf(left)]!;
        const { found, findings } = result(
          objects.filter((one) => one !== left),
          url,
        );
        assert.equal(found.cause ? `${found.verdict} ${found.cause}` : found.verdict, outcome, nameOf(left));
        assert.equal(found.hops.length, lines, nameOf(left));
        const rules = findings.map((one) => one.rule);
        if (rule !== undefined) assert.ok(rules.includes(rule), `${nameOf(left)}: ${rules.join(', ')}`);
      }
    });
  }
});

function nameOf(text: string): string {
  return `${/kind: (\w+)/.exec(text)?.[1]} ${/name: ([\w-]+)/.exec(text)?.[1]}`;
}

function result(objects: readonly string[], url: string) {
  const workspace = newWorkspace({ completeKinds: [...completeByDefault, 'Secret'] });
  for (const [i, text] of objects.entries()) workspace.setFile(`file:///${i}.yaml`, text);
  workspace.refresh();
  const request = parseRequest({ url, from: 'shop/reader' });
  assert.ok(!('problem' in request));
  return {
    found: trace(workspace.mesh, request),
    findings: [...workspace.uris].flatMap((uri) => workspace.findings(uri)),
  };
}
