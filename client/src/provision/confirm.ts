// The confirmation before a gateway is provisioned: one dialog; the plan document is open behind it.
import { l10n } from 'vscode';
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
    question: l10n.t('Provision the egress gateway {0} in namespace {1}?', name, namespace),
    context,
    namespace,
    button: l10n.t('Provision'),
    detail: [
      l10n.t('Effect: {0}', effects[facts.effect]()),
      l10n.t('Label of the namespace: {0}', labelChange(plan)),
      impactSummary(impact),
      '',
      l10n.t('Command:'),
      shellQuoted(command),
      ...warnings.flatMap(({ message, advice }) => ['', `⚠ ${message} ${advice}`]),
    ],
  });
}
