import type { SchemaDataByRule } from '../../schema/findings.ts';
import { at, toPlain } from '../../yaml/read.ts';
import { defineDocumentRule, type Change } from '../rule.ts';
import { placeOf } from './repair-place.ts';

export const deprecatedField = defineDocumentRule<SchemaDataByRule['deprecated-field']>({
  id: 'deprecated-field',
  stage: 'schema',
  summary: 'A deprecated field that Istio still reads; another field replaces it.',
  severity: 'information',
  since: '0.1.0',
  peers: ['IST0135', 'IST0002'],

  *fixes({ path, replacement }, document) {
    const place = placeOf(document);
    const value = place && at(place.object, path);
    const parent = path.slice(0, -1);
    if (!place || !value || replacement === undefined || at(place.object, [...parent, replacement])) return;
    const changes: Change[] = [{ op: 'rename-key', in: place.in, path, key: replacement }];
    const isList = replacement === 'targetRefs';
    if (isList) changes.push({ op: 'set', in: place.in, path: [...parent, replacement], value: [toPlain(value)] });
    yield { title: `Replace with ${replacement}`, safety: isList ? 'safe' : 'unsafe', changes };
  },
});
