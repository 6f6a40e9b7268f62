// A rule's page for users, with the codes of other tools for the fault.
import type { RuleInfo } from '../rules/rule.ts';

/** Whose codes begin so. */
const tools: readonly (readonly [start: string, name: string])[] = [
  ['IST', 'istioctl analyze'],
  ['KIA', 'Kiali'],
];

/** The codes of each other tool that has some. */
export function peersByTool({
  peers = [],
}: Pick<RuleInfo, 'peers'>): readonly { readonly tool: string; readonly codes: readonly string[] }[] {
  return tools
    .map(([start, tool]) => ({ tool, codes: peers.filter((code) => code.startsWith(start)) }))
    .filter(({ codes }) => codes.length > 0);
}

export function rulePage(rule: Pick<RuleInfo, 'peers'>, page: string): string {
  const whole = page.endsWith('\n') ? page : `${page}\n`;
  const others = peersByTool(rule);
  if (others.length === 0) return whole;
  return `${whole}\n## In other tools\n${others.map(({ tool, codes }) => `- ${tool}: ${codes.join(', ')}\n`).join('')}`;
}

/** Why it matters, in plain text: the page's own words before its examples. */
export function whyOf(page: string): string {
  const text = /^## Why\n([^]*?)(?=^## |$(?![^]))/m.exec(page)?.[1] ?? '';
  return text
    .replaceAll('`', '')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .trim()
    .replace(/([^\n])\n(?=[^\n-])/g, '$1 ');
}
