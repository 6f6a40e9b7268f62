import type { SchemaDataByRule } from '../../schema/findings.ts';
import { defineDocumentRule } from '../rule.ts';
import type { Step } from './combination-fault.ts';
import { placeOf } from './repair-place.ts';
import { faultsAfter, faultsOf } from './schema-faults.ts';

export const deprecatedApiVersion = defineDocumentRule<SchemaDataByRule['deprecated-api-version']>({
  id: 'deprecated-api-version',
  stage: 'schema',
  summary: 'An older apiVersion of a kind that the target release serves as v1.',
  severity: 'hint',
  since: '0.1.0',

  *fixes({ apiVersion, sameShape }, document) {
    const place = placeOf(document);
    if (!place) return;
    const setting: Step = { op: 'set', path: ['apiVersion'], value: apiVersion };
    const before = faultsOf(place.object).map(({ message }) => message);
    // v1 may require a field that the older version does not have.
    if (faultsAfter([setting], place, document)?.every(({ message }) => before.includes(message)) !== true) return;
    yield {
      title: `Set apiVersion: ${apiVersion}`,
      safety: sameShape ? 'safe' : 'unsafe',
      changes: [{ ...setting, in: place.in }],
    };
  },
});
