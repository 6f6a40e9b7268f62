// Many meshes asked of one oracle process, a line each. See test/peers/oracle/batch.go.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { meshConfigOf, provider, type Profile, type Sample } from './generate.ts';
import type { RbacFilter } from './rbac.ts';

export interface Report {
  readonly id: string;
  readonly error?: string;
  /** `doc` is the index of the manifest. */
  readonly problems?: readonly { readonly doc: number; readonly level: string; readonly message: string }[];
  readonly hosts: readonly HostReport[];
  readonly waypoints: readonly { readonly waypoint: string; readonly ports: readonly PortReport[] }[];
  readonly services?: readonly ServiceReport[];
  /** `client` is as `podName` writes it. */
  readonly sidecars?: readonly { readonly client: string; readonly outbound: string; readonly clusters: readonly ClusterReport[] }[];
}
export interface ServiceReport {
  readonly service: string;
  readonly host: string;
  readonly waypoint?: string;
  readonly error?: string;
  readonly addresses?: readonly string[];
  readonly canonical?: boolean;
}
export interface HostReport {
  readonly host: string;
  readonly serviceEntry: string;
  readonly waypoint?: string;
  readonly error?: string;
  readonly addresses?: readonly string[];
  readonly canonical?: boolean;
  readonly visibility?: string;
  readonly canary?: { readonly waypoint: string; readonly weight: number };
}
export interface PortReport {
  readonly chain: string;
  readonly protocol: string;
  readonly rbac?: readonly RbacFilter[];
  readonly logs?: readonly string[];
  readonly routes?: readonly { readonly cluster: ClusterReport }[];
}
export interface ClusterReport {
  readonly name: string;
  readonly type: string;
  readonly namespace?: string;
  readonly portOverride?: number;
  readonly endpoints?: readonly string[];
  readonly tls?: {
    readonly auto?: boolean; readonly sni?: string; readonly autoSni?: boolean; readonly autoSanValidation?: boolean; readonly ca?: string;
    readonly clientCertificates?: readonly string[]; readonly subjectAltNames?: readonly string[];
  };
}

/** The answers in the order of the meshes; those that are created first stand first in each. */
export async function ask(program: string, meshes: readonly Sample[], { flags }: Pick<Profile, 'flags'> = {}): Promise<readonly Report[]> {
  const child = spawn(program, ['-batch'], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...flags } });
  const failed = new Promise<never>((_, reject) => child.on('error', reject));
  const answers: Report[] = [];
  const read = (async () => { for await (const line of createInterface({ input: child.stdout })) answers.push(JSON.parse(line) as Report); })();
  for (const [i, sample] of meshes.entries())
    child.stdin.write(`${JSON.stringify({ id: String(i), manifests: [...sample.manifests, provider], meshConfig: meshConfigOf(sample), sidecars: sample.sidecars })}\n`);
  child.stdin.end();
  await Promise.race([read, failed]);
  if (answers.length !== meshes.length) throw new Error(`the oracle answered ${answers.length} of ${meshes.length} meshes`);
  return answers;
}
