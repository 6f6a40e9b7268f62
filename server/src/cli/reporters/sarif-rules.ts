// SARIF descriptions of the rules, with the codes of istioctl and Kiali as taxa.
import { peersByTool, rulePage, whyOf } from '../../features/rule-page.ts';
import type { Severity, Stage } from '../../rules/rule.ts';
import type { ReportedRule } from '../report.ts';
import { istioDocs, publicPage } from './rule-address.ts';

export const levels: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/** Their faults let traffic out that is meant to be held, or bare. */
const securityStages: ReadonlySet<Stage> = new Set(['waypoint', 'tls', 'authorization', 'leak', 'trace']);
/** As GitHub reads them: 7 and more is high, 4 and more is medium. */
const scores: Readonly<Record<Severity, string>> = { error: '7.5', warning: '5.5', information: '2.0', hint: '1.0' };

export function descriptor(rule: ReportedRule) {
  const { id, summary, severity, page, stage, peers = [] } = rule;
  const why = whyOf(page);
  const isSecurity = securityStages.has(stage);
  const relationships = peersByTool(rule).flatMap(({ tool, codes }) =>
    codes.map((code) => ({ target: { id: code, toolComponent: { name: tool } }, kinds: ['relevant'] })),
  );
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: [summary, ...firstParagraph(why)].join(' ') },
    help: { text: [summary, why].join('\n\n').trim(), markdown: rulePage(rule, page) },
    helpUri: publicPage(rule),
    defaultConfiguration: { level: levels[severity] },
    ...(relationships.length > 0 ? { relationships } : {}),
    properties: {
      tags: [...(isSecurity ? ['security'] : []), stage, ...peers],
      ...(isSecurity && { 'security-severity': scores[severity] }),
    },
  };
}

/** None where it introduces a list: that is in `help`. */
function firstParagraph(why: string): readonly string[] {
  const [first = ''] = why.split('\n\n');
  return first === '' || first.endsWith(':') ? [] : [first];
}

const pagesOfTools: Readonly<Record<string, string>> = {
  'istioctl analyze': `${istioDocs}reference/config/analysis/`,
  Kiali: 'https://kiali.io/docs/features/validations/',
};

/** Each other tool as a taxonomy: its codes that the rules of a run name. */
export function taxonomies(rules: readonly ReportedRule[]) {
  const codes = new Map<string, Set<string>>();
  for (const { tool, codes: own } of rules.flatMap(peersByTool))
    codes.set(tool, new Set([...(codes.get(tool) ?? []), ...own]));
  return [...codes].map(([name, taxa]) => ({
    name,
    informationUri: pagesOfTools[name],
    taxa: [...taxa].sort().map((id) => ({ id })),
  }));
}
