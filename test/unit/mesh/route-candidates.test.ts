// Of many rules, those that a request is compared with are all that may take it, in their order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidatesFor } from '../../../server/src/mesh/routes/route-candidates.ts';
import { conditionHolds, type RouteCondition } from '../../../server/src/mesh/routes/route-condition.ts';
import type { RouteUnit } from '../../../server/src/mesh/routes/route-units.ts';
import type { TextMatch } from '../../../server/src/model/specs.ts';
import type { Resource } from '../../../server/src/model/resource.ts';
import { resourcesFromYaml } from '../../kit/mesh-from-yaml.ts';
import { fc } from '../../kit/fast-check.ts';

const [service] = resourcesFromYaml(`apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: api, namespace: team }
spec: { hosts: [api.example.com], http: [{ route: [{ destination: { host: api.example.com } }] }] }
`) as readonly Resource<'VirtualService'>[];

const path = fc
  .array(fc.constantFrom('a', 'b', 'A'), { maxLength: 3 })
  .chain((parts) => fc.constantFrom('', '/').map((end) => `/${parts.join('/')}${end}`));
const uri: fc.Arbitrary<TextMatch | undefined> = fc.option(
  fc.record({ how: fc.constantFrom('exact', 'prefix', 'regex', 'any'), value: path }),
  { nil: undefined },
);
const condition: fc.Arbitrary<RouteCondition | undefined> = fc.option(
  fc.record({
    bySegment: fc.boolean(),
    uri,
    ignoreUriCase: fc.boolean(),
    method: fc.constantFrom<TextMatch | undefined>(undefined, { how: 'exact', value: 'POST' }),
    scheme: fc.constant(undefined),
    authority: fc.constant(undefined),
    headers: fc.constant(new Map()),
    withoutHeaders: fc.constant(new Map()),
    queryParams: fc.constant(new Map()),
  }),
  { nil: undefined },
);

/** More rules than are compared one by one. */
const units = fc
  .array(fc.option(fc.array(condition, { maxLength: 5 }), { nil: undefined }), { minLength: 40 })
  .map((all) =>
    all.map(
      (conditions): RouteUnit => ({
        resources: [service!],
        place: 3,
        isRanked: false,
        entries: conditions?.map((one, number) => ({
          resource: service!,
          span: service!.at.name,
          number,
          condition: one,
          action: { does: 'respond', status: 200 },
          hosts: [],
        })),
      }),
    ),
  );

test('a request is compared with every rule that may take it, and with routes that are not known', () => {
  fc.assert(
    fc.property(units, path, fc.constantFrom('', '?a=/b'), (all, asked, query) => {
      const request = { path: `${asked}${query}`, method: 'GET', authority: 'api.example.com', headers: new Map() };
      const may = (unit: RouteUnit) =>
        unit.entries?.filter((one) => !one.condition || conditionHolds(one.condition, request) !== false);
      const wanted = all.map(may).filter((entries) => entries === undefined || entries.length > 0);
      const found = candidatesFor(all, request)
        .map(may)
        .filter((entries) => entries === undefined || entries.length > 0);
      assert.deepEqual(found, wanted);
    }),
  );
});

test('of thousands of rules by path, a request is compared with a few', () => {
  const entryFor = (number: number) => ({
    resource: service!,
    span: service!.at.name,
    number,
    condition: {
      bySegment: false,
      uri: { how: 'prefix', value: `/team-${number}/` },
      ignoreUriCase: false,
      method: undefined,
      scheme: undefined,
      authority: undefined,
      headers: new Map(),
      withoutHeaders: new Map(),
      queryParams: new Map(),
    } satisfies RouteCondition,
    action: { does: 'respond', status: 200 } as const,
    hosts: [],
  });
  const many: readonly RouteUnit[] = Array.from({ length: 3000 }, (_, i) => ({
    resources: [service!],
    place: 3,
    isRanked: false,
    entries: [entryFor(i)],
  }));
  const found = candidatesFor(many, { path: '/team-7/x', method: 'GET', authority: '', headers: new Map() });
  assert.deepEqual(
    found.flatMap(({ entries }) => entries?.map(({ number }) => number)),
    [7],
  );
});
