import type { SchemaDataByRule } from '../../schema/findings.ts';
import { defineDocumentRule } from '../rule.ts';

export const unsupportedInVersion = defineDocumentRule<SchemaDataByRule['unsupported-in-version']>({
  id: 'unsupported-in-version',
  stage: 'schema',
  summary: 'A field or value that only later releases of Istio than the target have.',
  severity: 'warning',
  since: '0.1.0',
});
