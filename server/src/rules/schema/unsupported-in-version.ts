import type { SchemaDataByRule } from '../../schema/findings.ts';
import { defineDocumentRule } from '../rule.ts';

export const unsupportedInVersion = defineDocumentRule<SchemaDataByRule['unsupported-in-version']>({
  id: 'unsupported-in-version',
  stage: 'schema',
  summary: 'A field or value that the target Istio release does not have yet.',
  severity: 'warning',
  since: '0.1.0',
});
