import type { SchemaDataByRule } from '../../schema/findings.ts';
import { at, toPlain } from '../../yaml/read.ts';
import { defineDocumentRule, type Change } from '../rule.ts';
import { placeOf } from './repair-place.ts';

export const unknownField = defineDocumentRule<SchemaDataByRule['unknown-field']>({
  id: 'unknown-field',
  stage: 'schema',
  summary: 'A field that the kind does not have: the API server rejects the object or silently drops the field.',
  severity: 'error',
  since: '0.1.0',
  peers: ['IST0106'],

  *fixes({ path, nearest, wrapped }, document) {
    const place = placeOf(document);
    const value = place && at(place.object, path);
    const parent = path.slice(0, -1);
    // A key that is there twice would be another fault.
    if (!place || !value || nearest === undefined || at(place.object, [...parent, nearest])) return;
    const changes: Change[] = [{ op: 'rename-key', in: place.in, path, key: nearest }];
    if (wrapped) changes.push({ op: 'set', in: place.in, path: [...parent, nearest], value: [toPlain(value)] });
    yield {
      title: `Rename to ${nearest}`,
      // The object is refused as it is.
      safety: 'safe',
      changes,
    };
  },
});
