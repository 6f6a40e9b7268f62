// The cases of the unit tables, asked of Istio's own code: its route tables and its RBAC.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manifestsOf, readLine } from '../kit/authz-case.ts';
import { peers } from '../kit/peers.ts';
import { compareLines, sampleOf } from '../kit/route-case.ts';
import { ask } from '../oracle/ask.ts';
import { routes } from '../oracle/profiles/routes.ts';
import { decide } from '../oracle/rbac.ts';
import { refused, theirAnswer } from '../oracle/theirs.ts';
import { authzCases } from '../unit/eval/authz-cases.ts';
import { routeCases } from '../unit/mesh/route-cases.ts';

const oracle = peers('oracle');
const program = oracle.available ? oracle.bin('oracle') : '';
const skip = oracle.available ? false : oracle.why;

test("Istio's own tables lead to the same", { skip }, async () => {
  const reports = await ask(program, routeCases.map(sampleOf));
  for (const [i, one] of routeCases.entries()) {
    assert.deepEqual([...refused(reports[i]!)], [], one.title);
    compareLines(one, theirAnswer(sampleOf(one), reports[i]!, routes).more ?? {});
  }
});

test("Istio's own RBAC decides the same", { skip }, async () => {
  const reports = await ask(
    program,
    authzCases.map((one) => ({ manifests: manifestsOf(one), calls: [] })),
  );
  for (const [i, { title, lines, refused }] of authzCases.entries()) {
    const { problems = [], waypoints } = reports[i]!;
    const errors = problems.filter(({ level }) => level === 'error').map(({ message }) => message);
    if (refused) {
      assert.ok(errors.length === 1 && errors[0]!.includes(refused), `${title}: ${errors.join()}`);
      continue;
    }
    assert.deepEqual(errors, [], title);
    for (const line of lines) {
      const {
        expected,
        connection: { source, destination, chain, http, sni },
      } = readLine(line);
      const port = waypoints[0]?.ports.find(
        (own) => own.chain === `inbound-vip|${destination.port}|${chain}|httpbin.org`,
      );
      assert.ok(port, `${title}: ${line}: no chain`);
      const path = new URL(`http://x${http?.path ?? '/'}`);
      assert.equal(
        decide(port.rbac ?? [], {
          principal: `spiffe://cluster.local/ns/${source.namespace}/sa/${source.serviceAccount}`,
          sourceIp: source.ip!,
          destinationIp: '192.0.2.10',
          destinationPort: destination.port,
          serverName: sni ?? '',
          headers: http
            ? new Map([
                ...http.headers,
                [':method', http.method],
                [':path', path.pathname + path.search],
                [':authority', http.authority],
              ])
            : new Map(),
        }),
        expected,
        `${title}: ${line}`,
      );
    }
  }
});
