// Where the web has a page about a rule.
import type { Stage } from '../../rules/rule.ts';
import type { ReportedRule } from '../report.ts';

export const istioDocs = 'https://istio.io/latest/docs/';
/** What Istio itself says of a stage, for rules whose page names no page of its own. */
const stagePages: Readonly<Record<Stage, string>> = {
  schema: 'reference/config/',
  reference: 'reference/config/networking/service-entry/',
  capture: 'reference/config/networking/service-entry/',
  waypoint: 'ambient/usage/waypoint/',
  route: 'ambient/usage/l7-features/',
  tls: 'reference/config/networking/destination-rule/',
  authorization: 'reference/config/security/authorization-policy/',
  telemetry: 'reference/config/telemetry/',
  leak: 'ambient/usage/networkpolicy/',
  trace: 'ambient/architecture/data-plane/',
  hygiene: 'tasks/traffic-management/egress/',
};

/** What Istio itself, or another that the page names, says of the fault. */
export function publicPage({ page, peers = [], stage }: ReportedRule): string {
  const own = /https:\/\/[^\s)>]+/.exec(page.slice(page.indexOf('\n## References')))?.[0];
  const code = peers.find((peer) => peer.startsWith('IST'));
  return (
    own ?? `${istioDocs}${code === undefined ? stagePages[stage] : `reference/config/analysis/${code.toLowerCase()}/`}`
  );
}

/** The rule's own page in the repository of this version; while the repository has no owner, the public page. */
export function ruleAddress(rule: ReportedRule, { homepage, version }: { homepage: string; version: string }): string {
  const repository = /^https:\/\/github\.com\/(?!OWNER\/)[\w.-]+\/[\w.-]+/.exec(homepage)?.[0];
  if (repository === undefined) return publicPage(rule);
  const folder = rule.id.startsWith('require-') ? 'requirements' : rule.stage;
  return `${repository}/blob/v${version}/server/src/rules/${folder}/${rule.id}.md`;
}
