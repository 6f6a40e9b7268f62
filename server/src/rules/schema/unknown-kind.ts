import type { SchemaDataByRule } from '../../schema/findings.ts';
import { defineDocumentRule, type Change } from '../rule.ts';
import { placeOf } from './repair-place.ts';

export const unknownKind = defineDocumentRule<SchemaDataByRule['unknown-kind']>({
  id: 'unknown-kind',
  stage: 'schema',
  summary: 'A kind of Istio or the Gateway API that does not exist in the given apiVersion.',
  severity: 'error',
  since: '0.1.0',

  *fixes({ written, nearest }, document) {
    const place = placeOf(document);
    if (!place || !nearest) return;
    const changes: Change[] = [];
    if (nearest.apiVersion !== written.apiVersion)
      changes.push({ op: 'set', in: place.in, path: ['apiVersion'], value: nearest.apiVersion });
    if (nearest.kind !== written.kind) changes.push({ op: 'set', in: place.in, path: ['kind'], value: nearest.kind });
    const title = nearest.kind === written.kind ? `Set apiVersion: ${nearest.apiVersion}` : `Set kind: ${nearest.kind}`;
    yield { title, safety: 'safe', changes };
  },
});
