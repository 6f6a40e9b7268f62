import type { SchemaDataByRule } from '../../schema/findings.ts';
import { defineDocumentRule, type Change, type DocumentView } from '../rule.ts';

export const invalidYaml = defineDocumentRule<SchemaDataByRule['invalid-yaml']>({
  id: 'invalid-yaml',
  stage: 'schema',
  summary: 'Invalid YAML, or YAML that kubectl rejects: a syntax error, a tab, a duplicate key.',
  severity: 'error',
  since: '0.1.0',
  peers: ['IST0001'],

  *fixes({ code }, document) {
    if (code !== 'tab') return;
    const changes = tabsOfLines(document);
    // Unsafe: the intended indentation of a tab is a guess.
    if (changes.length > 0) yield { title: 'Replace tabs with spaces', safety: 'unsafe', changes };
  },
});

/** One change for each line that is indented by tabs, as they were all typed alike. */
function tabsOfLines({ uri, document, text }: DocumentView): readonly Change[] {
  return [...text.matchAll(/^[ \t]*\t[ \t]*/gm)].map(({ index, 0: indent }) => ({
    op: 'replace-text',
    in: { uri, document },
    span: { start: index, end: index + indent.length },
    newText: indent.replaceAll('\t', '  '),
  }));
}
