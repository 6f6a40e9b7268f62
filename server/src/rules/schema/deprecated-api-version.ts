import type { SchemaDataByRule } from '../../schema/findings.ts';
import { defineDocumentRule } from '../rule.ts';
import { placeOf } from './repair-place.ts';

export const deprecatedApiVersion = defineDocumentRule<SchemaDataByRule['deprecated-api-version']>({
  id: 'deprecated-api-version',
  stage: 'schema',
  summary: 'An older apiVersion of a kind that the target release serves as v1.',
  severity: 'hint',
  since: '0.1.0',

  *fixes({ apiVersion, sameShape }, document) {
    const place = placeOf(document);
    if (!place) return;
    yield {
      title: `Set apiVersion: ${apiVersion}`,
      safety: sameShape ? 'safe' : 'unsafe',
      changes: [{ op: 'set', in: place.in, path: ['apiVersion'], value: apiVersion }],
    };
  },
});
