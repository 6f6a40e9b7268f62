// Lets the user choose a gateway of the cluster.
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import { gatewayOf, isProgrammed, type GatewayState } from '../../../server/src/cluster/objects/live-gateway.ts';
import { listKinds } from '../../../server/src/cluster/tools/lists.ts';
import { scope } from '../../../server/src/cluster/objects/scope.ts';
import type { Target, Tools } from '../../../server/src/cluster/tools/target.ts';
import type { EgressContext } from '../extension-context.ts';
import { chooseContext } from './choose-context.ts';
import { withProgress } from './progress.ts';
import { askSteps, pick } from './pick-steps.ts';
import { textsIn } from './texts-in.ts';
import { showMessage, showProblem } from './notify.ts';

export interface ChosenGateway extends Target {
  readonly name: string;
}

/** The gateway that a caller may pass to a command. */
function gatewayIn(
  given: unknown,
): { readonly context: string; readonly namespace: string; readonly name: string } | undefined {
  return textsIn(given, 'context', 'namespace', 'name');
}

/** Undefined if the user left, or there is nothing to choose, after a message. */
export async function chooseGateway(
  egress: EgressContext,
  run: Run,
  tools: Tools,
  title: string,
  given: unknown,
): Promise<ChosenGateway | undefined> {
  const said = gatewayIn(given);
  if (said) return { ...said, tools };
  const context = await chooseContext(egress, run, tools, title);
  if (context === undefined) return undefined;
  const kinds = scope.filter(({ kind }) => kind === 'Gateway');
  const listed = await withProgress(`Looking for gateways in context ${context}`, (signal) =>
    listKinds(run, { context, tools, namespace: 'all' }, kinds, { signal }),
  );
  const [unread] = listed.unread;
  const gateways = listed.objects.map(({ object }) => gatewayOf(object)).sort((a, b) => order(a) - order(b));
  if (gateways.length === 0) {
    if (unread) showProblem(egress, unread.problem);
    else showMessage(egress, 'warn', `There is no Gateway in context ${context}. Provision one first.`);
    return undefined;
  }
  if (gateways.length === 1) return { context, tools, namespace: gateways[0]!.namespace, name: gateways[0]!.name };
  const chosen = await askSteps<GatewayState | undefined>(
    title,
    [
      (_, place) =>
        pick(place, {
          placeholder: `Gateway in context ${context}`,
          items: gateways.map((gateway) => ({ ...itemOf(gateway), value: gateway })),
        }),
    ],
    undefined,
  );
  return chosen && { context, tools, namespace: chosen.namespace, name: chosen.name };
}

function order({ className }: GatewayState): number {
  return className === 'istio-waypoint' ? 0 : 1;
}

function itemOf(gateway: GatewayState) {
  return {
    label: `${gateway.namespace}/${gateway.name}`,
    description: gateway.className,
    detail: isProgrammed(gateway) ? `programmed at ${gateway.addresses.join(', ')}` : 'not programmed',
  };
}
