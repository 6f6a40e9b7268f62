// The plan of a provisioning as a document, shown before the confirmation.
import { l10n } from 'vscode';
import { shellQuoted } from '../../../server/src/cluster/tools/command.ts';
import type { ProvisionPlan } from '../../../server/src/cluster/provision/provision.ts';
import type { Notice } from '../../../server/src/cluster/provision/provision-notices.ts';
import type { WaypointImpactResult } from '../../../server/src/lsp/protocol/egress.ts';
import { block, type Lines } from '../documents/answer.ts';
import { impactLines } from './impact-lines.ts';

export function planLines(plan: ProvisionPlan, impact: WaypointImpactResult | undefined): Lines {
  const { request, command, gatewayText } = plan;
  return [
    [l10n.t('Provision the egress gateway {0} in namespace {1}', request.name, request.namespace)],
    [l10n.t('Nothing has been changed yet.')],
    [],
    [`${l10n.t('Context')}    ${request.context}`],
    [`${l10n.t('Namespace')}  ${request.namespace}`],
    [`${l10n.t('Gateway')}    ${effects[plan.facts.effect]()}`],
    [`${l10n.t('Label')}      ${labelChange(plan)}`],
    [],
    ...impactLines(impact),
    ...block(l10n.t('Blockers'), plan.blockers.map(noticeLine)),
    ...block(l10n.t('Warnings'), plan.warnings.map(noticeLine)),
    ...block(l10n.t('Command'), [[shellQuoted(command)]]),
    ...block(
      l10n.t('The Gateway that istioctl creates'),
      gatewayText
        .trimEnd()
        .split('\n')
        .map((line) => [line]),
    ),
  ];
}

export const effects: { readonly [E in ProvisionPlan['facts']['effect']]: () => string } = {
  creates: () => l10n.t('creates the Gateway'),
  changes: () => l10n.t('changes the existing Gateway'),
  unchanged: () => l10n.t('does not change the Gateway'),
  refused: () => l10n.t('the cluster refuses the Gateway'),
  unknown: () => l10n.t('could not be checked'),
};

/** What becomes of the namespace's label. */
export function labelChange({ request, facts }: ProvisionPlan): string {
  const was = facts.namespace === 'missing' ? undefined : facts.namespace.useWaypoint;
  if (!request.enroll) return l10n.t('does not change ({0})', was ?? l10n.t('none'));
  return `istio.io/use-waypoint: ${was ?? l10n.t('none')} → ${request.name}`;
}

function noticeLine({ message, advice }: Notice): readonly string[] {
  return [`⚠ ${message} ${advice}`];
}
