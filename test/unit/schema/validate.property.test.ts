// Whatever an object of our kinds holds, the check ends, stays inside of the text, and speaks in one sentence.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { newestVersion, supportedVersions } from '../../../server/src/model/istio-releases.ts';
import { servedKinds } from '../../../server/src/schema/catalogue.ts';
import { validateResource } from '../../../server/src/schema/validate.ts';
import { fieldsAt } from '../../../server/src/schema/describe.ts';
import type { YamlMap } from '../../../server/src/yaml/node.ts';
import { parseDocument } from '../../../server/src/yaml/parse.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const kinds = servedKinds(newestVersion);

/** Values whose keys are often fields of the kind, at this depth or another. */
function valueOf(apiVersion: string, kind: string): fc.Arbitrary<Json> {
  const top = fieldsAt(apiVersion, kind, ['spec']).map(({ name }) => name);
  const inner = top.flatMap((name) =>
    [...fieldsAt(apiVersion, kind, ['spec', name]), ...fieldsAt(apiVersion, kind, ['spec', name, 0])].map(
      (field) => field.name,
    ),
  );
  const key = fc.oneof(
    fc.constantFrom('name', ...top, ...inner),
    fc.string(),
    fc.constantFrom('__proto__', 'constructor', 'a/b', 'a~b'),
  );
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('on', '1_000', '80', '5s', 'A.b'),
  );
  return fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    ),
  })).value;
}

describe('validateResource', () => {
  for (const { apiVersion, kind } of kinds) {
    it(`takes anything as a ${kind} of ${apiVersion}`, () => {
      fc.assert(
        fc.property(valueOf(apiVersion, kind), fc.constantFrom(...supportedVersions), (spec, istioVersion) => {
          const text = JSON.stringify({ apiVersion, kind, metadata: { name: 'a' }, spec }, null, 1);
          for (const { at, message } of validateResource(parseDocument(text).root as YamlMap, { istioVersion })) {
            assert.ok(
              0 <= at.start && at.start < at.end && at.end <= text.length,
              `${message} at ${at.start}-${at.end}`,
            );
            assert.match(message, /^[^\n]+\.$/);
          }
        }),
        { numRuns: 60, seed: 20 },
      );
    });
  }
});
