import type { SchemaDataByRule } from '../../schema/findings.ts';
import { at } from '../../yaml/read.ts';
import { defineDocumentRule } from '../rule.ts';
import { placeOf } from './repair-place.ts';

export const missingField = defineDocumentRule<SchemaDataByRule['missing-field']>({
  id: 'missing-field',
  stage: 'schema',
  summary: 'A required field is missing or empty.',
  severity: 'error',
  since: '0.1.0',
  peers: ['IST0106'],

  *fixes({ path, field, placeholder }, document) {
    const place = placeOf(document);
    if (!place || (path.length > 0 && !at(place.object, path))) return;
    // Unsafe: what is put there is only a start.
    yield {
      title: `Add ${field}`,
      safety: 'unsafe',
      changes: [{ op: 'set', in: place.in, path: [...path, field], value: placeholder }],
    };
  },
});
