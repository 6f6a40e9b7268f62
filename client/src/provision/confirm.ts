// The confirmation before a gateway is provisioned: one dialog; the plan document is open behind it.
import { shellQuoted } from '../../../server/src/cluster/tools/command.ts';
import type { ProvisionPlan } from '../../../server/src/cluster/provision/provision.ts';
import type { WaypointImpactResult } from '../../../server/src/lsp/protocol/egress.ts';
import { confirmWrite } from '../ui/confirm-write.ts';
import { impactSummary } from './impact-lines.ts';
import { effects, labelChange } from './plan-document.ts';

export function confirm(plan: ProvisionPlan, impact: WaypointImpactResult | undefined): Promise<boolean> {
  const {
    request: { namespace, name, context },
    facts,
    command,
    warnings,
  } = plan;
  return confirmWrite({
    question: `Provision the egress gateway ${name} in namespace ${namespace}?`,
    context,
    namespace,
    button: 'Provision',
    detail: [
      `Effect: ${effects[facts.effect]}`,
      `Label of the namespace: ${labelChange(plan)}`,
      impactSummary(impact),
      '',
      'Command:',
      shellQuoted(command),
      ...warnings.flatMap(({ message, advice }) => ['', `⚠ ${message} ${advice}`]),
    ],
  });
}
