import type { SchemaDataByRule } from '../../schema/findings.ts';
import { defineDocumentRule } from '../rule.ts';
import { combinationFixes } from './combination-repairs.ts';

export const invalidCombination = defineDocumentRule<SchemaDataByRule['invalid-combination']>({
  id: 'invalid-combination',
  stage: 'schema',
  summary: 'Fields that exclude or require each other, or a value that is not allowed here: Istio rejects the object.',
  severity: 'error',
  since: '0.1.0',
  peers: ['IST0106'],

  fixes: ({ path }, document) => combinationFixes(path, document),
});
