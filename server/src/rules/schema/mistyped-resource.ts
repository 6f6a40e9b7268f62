import type { SchemaDataByRule } from '../../schema/findings.ts';
import { defineDocumentRule } from '../rule.ts';
import { placeOf } from './repair-place.ts';

export const mistypedResource = defineDocumentRule<SchemaDataByRule['mistyped-resource']>({
  id: 'mistyped-resource',
  stage: 'schema',
  summary: 'The key `apiVersion` or `kind` is misspelt, so the object is rejected and nothing reads it.',
  severity: 'error',
  since: '0.2.0',

  *fixes({ written, expected }, document) {
    const place = placeOf(document);
    if (!place) return;
    yield {
      title: `Write ${expected}`,
      safety: 'safe',
      changes: [{ op: 'rename-key', in: place.in, path: [written], key: expected }],
    };
  },
});
