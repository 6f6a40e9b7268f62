// The plan of a provisioning as a document, shown before the confirmation.
import { shellQuoted } from '../../../server/src/cluster/tools/command.ts';
import type { ProvisionPlan } from '../../../server/src/cluster/provision/provision.ts';
import type { Notice } from '../../../server/src/cluster/provision/provision-notices.ts';
import type { WaypointImpactResult } from '../../../server/src/lsp/protocol/egress.ts';
import { block, type Lines } from '../documents/answer.ts';
import { impactLines } from './impact-lines.ts';

export function planLines(plan: ProvisionPlan, impact: WaypointImpactResult | undefined): Lines {
  const { request, command, gatewayText } = plan;
  return [
    [`Provision the egress gateway ${request.name} in namespace ${request.namespace}`],
    ['Nothing has been changed yet.'],
    [],
    [`Context    ${request.context}`],
    [`Namespace  ${request.namespace}`],
    [`Gateway    ${effects[plan.facts.effect]}`],
    [`Label      ${labelChange(plan)}`],
    [],
    ...impactLines(impact),
    ...block('Blockers', plan.blockers.map(noticeLine)),
    ...block('Warnings', plan.warnings.map(noticeLine)),
    ...block('Command', [[shellQuoted(command)]]),
    ...block(
      'The Gateway that istioctl creates',
      gatewayText
        .trimEnd()
        .split('\n')
        .map((line) => [line]),
    ),
  ];
}

export const effects: { readonly [E in ProvisionPlan['facts']['effect']]: string } = {
  creates: 'creates the Gateway',
  changes: 'changes the existing Gateway',
  unchanged: 'does not change the Gateway',
  refused: 'the cluster refuses the Gateway',
  unknown: 'could not be checked',
};

/** What becomes of the namespace's label. */
export function labelChange({ request, facts }: ProvisionPlan): string {
  const was = facts.namespace === 'missing' ? undefined : facts.namespace.useWaypoint;
  if (!request.enroll) return `does not change (${was ?? 'none'})`;
  return `istio.io/use-waypoint: ${was ?? 'none'} → ${request.name}`;
}

function noticeLine({ message, advice }: Notice): readonly string[] {
  return [`⚠ ${message} ${advice}`];
}
