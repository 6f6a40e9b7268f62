import type { SchemaDataByRule } from '../../schema/findings.ts';
import { defineDocumentRule } from '../rule.ts';
import { combinationFixes } from './combination-repairs.ts';

export const discouragedValue = defineDocumentRule<SchemaDataByRule['discouraged-value']>({
  id: 'discouraged-value',
  stage: 'schema',
  summary: 'A value that Istio accepts with a warning, because its effect is probably not the intended one.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0133', 'IST0130', 'IST0131'],

  fixes: ({ path }, document) => combinationFixes(path, document),
});
