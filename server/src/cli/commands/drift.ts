import type { AskedCluster } from '../ask-cluster.ts';
import type { Arguments } from '../args.ts';
import type { CliHost } from '../host.ts';
import type { RuleBook } from '../run.ts';

/** How the files differ from the cluster. Exit code 0 or 1. */
export async function drift(_args: Arguments, _host: CliHost, _book: RuleBook, _cluster: AskedCluster): Promise<number> {
  return 0;
}
