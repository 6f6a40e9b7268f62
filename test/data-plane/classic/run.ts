// One mesh of clients with sidecars and an egress gateway through real Envoys: a sidecar for each client, and the gateway.
import type { Mesh } from '../../../server/src/mesh/mesh.ts';
import type { ClassicReport } from '../../oracle/classic/report.ts';
import { clientNamespaces, gatewayIp, realAddresses } from '../../oracle/classic/world.ts';
import type { Job, ProxyJob } from '../messages.ts';
import type { Network } from '../network.ts';
import { podJob, type RawConfig } from '../plain-config.ts';
import type { Question } from '../questions.ts';
import { portsOf, resultOf, type MeshResult } from '../run-mesh.ts';
import { compareClassicBytes } from './compare.ts';
import { addressOfClient, identityOf } from './questions.ts';

export interface ClassicRun {
  readonly name: string;
  readonly mesh: Mesh;
  readonly report: ClassicReport;
  readonly gatewayNamespace: string;
  readonly questions: readonly Question[];
  /** Of the gateway's pod, which its certificate names. */
  readonly gatewayAccount: string;
}

export async function runClassic(network: Network, run: ClassicRun): Promise<MeshResult> {
  const { name, mesh, questions } = run;
  const proxies = proxiesOf(run);
  const queries = questions.map(({ query }) => query);
  const job: Job = {
    name,
    proxies,
    ports: [...new Set([...portsOf(proxies), ...queries.map(({ port }) => port)])],
    sites: sitesOf(
      proxies,
      queries.map(({ address }) => address),
    ),
    names: realAddresses,
    queries,
  };
  const answer = await network.ask(job);
  return resultOf(answer, questions, (question, one) => compareClassicBytes(question, one, mesh));
}

function proxiesOf({ report, gatewayNamespace, gatewayAccount }: ClassicRun): readonly ProxyJob[] {
  const rawOf = (wanted: string) => report.proxies.find(({ name }) => name === wanted)!.raw as RawConfig;
  return [
    ...clientNamespaces.map((namespace) => {
      const name = `client-${namespace}`;
      return podJob(name, addressOfClient(namespace), identityOf(namespace, name), rawOf(name));
    }),
    podJob('gateway', gatewayIp, identityOf(gatewayNamespace, gatewayAccount), rawOf('gateway')),
  ];
}

/** Where connections may end outside: no pod, and no address that only the mesh knows. */
function sitesOf(proxies: readonly ProxyJob[], dialled: readonly string[]): readonly string[] {
  const written = JSON.stringify(proxies.map(({ clusters }) => clusters)).match(/(?<="address":")[\d.]+(?=")/g) ?? [];
  return [...new Set([...written, ...dialled])].filter((one) => !/^(10|127|240)\.|^0\.0\.0\.0$/.test(one));
}
