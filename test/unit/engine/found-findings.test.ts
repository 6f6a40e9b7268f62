// What was found for each subject, by the document that shows it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SubjectFinding } from '../../../server/src/engine/assemble.ts';
import { FoundFindings } from '../../../server/src/engine/found-findings.ts';
import type { AnyResource } from '../../../server/src/model/resource.ts';
import { fc } from '../../kit/fast-check.ts';

/** Subject `id` is in document `id / 2`. */
const resource = (id: number) => ({ id, document: id >> 1, uri: 'file:///x.yaml' }) as AnyResource;

function finding(subject: number, inSubject: number | undefined, related: readonly number[]): SubjectFinding {
  return {
    rule: { id: 'some-rule' } as SubjectFinding['rule'],
    subject: resource(subject),
    finding: {
      at: { start: 0, end: 1 },
      message: `${subject}`,
      data: undefined,
      related: related.map((one) => ({ resource: resource(one), at: { start: 0, end: 1 }, message: 'beside' })),
      ...(inSubject === undefined ? {} : { in: resource(inSubject) }),
    },
  };
}

const id = fc.integer({ min: 0, max: 7 });
const step = fc.record({
  subject: id,
  findings: fc.array(fc.record({ in: fc.option(id, { nil: undefined }), related: fc.array(id, { maxLength: 3 }) }), {
    maxLength: 4,
  }),
});

test('after any changes each document shows what a plain table says, in the order of the subjects', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const found = new FoundFindings();
      const table = new Map<number, readonly SubjectFinding[]>();
      for (const { subject, findings } of steps) {
        const own = findings.map((one) => finding(subject, one.in, one.related));
        found.set(subject, own);
        table.set(subject, own);
      }
      const all = [...table].sort(([a], [b]) => a - b).flatMap(([, own]) => own);
      const documentOf = (one: SubjectFinding) => (one.finding.in ?? one.subject).document;
      for (const document of [0, 1, 2, 3]) {
        assert.deepEqual(
          found.in(document),
          all.filter((one) => documentOf(one) === document),
        );
        const relating = all.filter((one) =>
          one.finding.related?.some((other) => other.resource.document === document),
        );
        const subjects = new Set(relating.map((one) => one.subject.id));
        assert.deepEqual(
          new Set(found.relatingTo(document)),
          new Set(all.filter((one) => subjects.has(one.subject.id)).map(documentOf)),
        );
      }
      for (const subject of table.keys()) found.delete(subject);
      assert.deepEqual(
        [0, 1, 2, 3].flatMap((one) => [...found.in(one), ...found.relatingTo(one)]),
        [],
      );
    }),
  );
});
