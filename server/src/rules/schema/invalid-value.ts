import type { SchemaDataByRule } from '../../schema/findings.ts';
import { defineDocumentRule } from '../rule.ts';
import { valueAt } from './repair-place.ts';

export const invalidValue = defineDocumentRule<SchemaDataByRule['invalid-value']>({
  id: 'invalid-value',
  stage: 'schema',
  summary: 'A value that its field does not accept: not one of the choices, out of range, or in the wrong format.',
  severity: 'error',
  since: '0.1.0',
  peers: ['IST0106'],

  *fixes({ path, nearest }, document) {
    const found = nearest === undefined ? undefined : valueAt(document, path);
    if (nearest === undefined || found?.node.kind !== 'scalar') return;
    yield {
      title: `Replace with ${nearest}`,
      // The object is refused as it is; a number in range is a guess all the same.
      safety: typeof nearest === 'string' ? 'safe' : 'unsafe',
      changes: [{ op: 'set', in: found.in, path, value: nearest }],
    };
  },
});
