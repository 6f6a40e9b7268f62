// The last question before something is written: everything that will happen, in one dialog.
import { l10n, window, workspace } from 'vscode';
import { shellQuoted } from '../../../server/src/cluster/command.ts';
import type { ProvisionPlan } from '../../../server/src/cluster/provision.ts';
import { isProtected } from './protected-contexts.ts';

export async function confirm(plan: ProvisionPlan): Promise<boolean> {
  const { namespace, name, context } = plan.request;
  const provision = l10n.t('Provision');
  const question = l10n.t('Provision the egress gateway {0} in namespace {1}?', name, namespace);
  const chosen = await window.showWarningMessage(question, { modal: true, detail: detailOf(plan) }, provision);
  return chosen === provision && (!isProtected(context, protectedContexts()) || typedContext(context));
}

function detailOf({ request, facts, command, warnings }: ProvisionPlan): string {
  return [
    l10n.t('Context: {0}', request.context),
    l10n.t('Namespace: {0}', request.namespace),
    l10n.t('Effect: {0}', effects[facts.effect]()),
    ...(request.enroll ? [l10n.t('The namespace gets the label istio.io/use-waypoint: {0}.', request.name)] : []),
    '',
    l10n.t('Command:'),
    shellQuoted(command),
    ...warnings.flatMap(({ message, advice }) => ['', `⚠ ${message} ${advice}`]),
  ].join('\n');
}

const effects: { readonly [E in ProvisionPlan['facts']['effect']]: () => string } = {
  creates: () => l10n.t('creates the Gateway'),
  changes: () => l10n.t('changes the Gateway that is there'),
  unchanged: () => l10n.t('leaves the Gateway as it is'),
  refused: () => l10n.t('the cluster refuses the Gateway'),
  unknown: () => l10n.t('could not be found out beforehand'),
};

function protectedContexts(): readonly string[] {
  return workspace.getConfiguration().get<readonly string[]>('istioEgress.protectedContexts', []);
}

async function typedContext(context: string): Promise<boolean> {
  const typed = await window.showInputBox({
    title: l10n.t('Context {0} is protected', context),
    prompt: l10n.t('Type the name of the context to provision the gateway there.'),
    ignoreFocusOut: true,
    validateInput: (text) => (text === context ? undefined : l10n.t('This is not the name of the context.')),
  });
  return typed === context;
}
