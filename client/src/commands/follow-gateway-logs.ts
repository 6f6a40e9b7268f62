// Follow Gateway Logs: shows the access logs of a gateway's pods as a growing table.
import { followGatewayLogs as follow, type LogRequest } from '../../../server/src/cluster/logs/gateway-logs.ts';
import { listPodAccounts } from '../../../server/src/cluster/objects/pod-accounts.ts';
import type { Run } from '../../../server/src/cluster/tools/command.ts';
import type { EgressContext } from '../extension-context.ts';
import { runInBackground } from '../run-in-background.ts';
import { gatewayLogTitle } from '../documents/names.ts';
import { workPlace } from '../documents/work-place.ts';
import { LineExplainer } from '../logs/line-explainer.ts';
import { chooseGateway } from '../ui/choose-gateway.ts';
import { gatewayLogProtocol } from '../webviews/gateway-log/protocol.ts';
import { clusterCommand } from './cluster-command.ts';

/** Also shows recent lines, because the user probably just sent a request. */
const beforeMs = 10 * 60 * 1000;

/** Code may pass context, namespace and name. It ends by Stop. */
export const followGatewayLogs = clusterCommand(
  'istioEgress.followGatewayLogs',
  'kubectl',
  async (egress, { tools, run }, given) => {
    const chosen = await chooseGateway(egress, run, tools, 'Follow Gateway Logs', given);
    if (!chosen) return 'left';
    const following = followUntilStopped(egress, run, chosen, workPlace()?.uri ?? null);
    runInBackground(egress.output, `following the log of ${chosen.namespace}/${chosen.name}`, following);
    return 'following';
  },
);

async function followUntilStopped(
  egress: EgressContext,
  run: Run,
  request: LogRequest,
  uri: string | null,
): Promise<void> {
  const { log, output, server } = egress;
  const { context, namespace, name } = request;
  const stop = new AbortController();
  const title = `Access log of gateway ${namespace}/${name} in context ${context}; times are UTC`;
  const accounts = async () => {
    const listed = await listPodAccounts(run, request);
    if (!listed.ok) output.warn(listed.problem.message);
    return listed.ok ? listed.value : [];
  };
  const isCurrent = log.begin({ name: gatewayLogTitle(request), title, uri, accounts }, () => stop.abort());
  egress.showWebview(gatewayLogProtocol);
  const add: typeof log.add = (entries) => {
    if (isCurrent()) log.add(entries);
  };
  const explainer = new LineExplainer(server, uri, add, (error) => output.error(String(error)));
  try {
    const problem = await follow(run, request, {
      signal: stop.signal,
      since: new Date(Date.now() - beforeMs).toISOString(),
      jitter: Math.random,
      onLine: (line) => explainer.take(line),
      onState: ({ message }) => add([{ note: message }]),
    });
    await explainer.settled();
    if (isCurrent()) log.end(problem ? `${problem.message} ${problem.advice}` : 'Stopped.');
  } catch (error) {
    output.error(error instanceof Error ? error : String(error));
    if (isCurrent()) log.end('The log stream stopped: internal error. See the output for details.');
  }
}
