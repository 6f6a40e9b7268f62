// A network of its own, without root: every address in it is this machine, no other network can be reached, and any port can be bound.
// Two views of it differ in who answers their DNS queries: ztunnel for the client, the world's DNS for everybody else.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onPath } from '../programs.ts';
import { endsWithParent, start } from './processes.ts';

export const worldDns = '127.0.0.1';
export const ztunnelDns = '127.0.0.2';

export interface Network {
  /** The beginning of a command that runs in it, with the world's DNS. */
  readonly enter: readonly string[];
}

const script = `set -e
ip link set lo up
ip route add local 0.0.0.0/0 dev lo
mount --bind "$1/resolv.world" /etc/resolv.conf
unshare -m sh -c 'mount --bind "$1/resolv.client" /etc/resolv.conf; echo $$ > "$1/client.pid"; exec setpriv --pdeathsig KILL sleep infinity' client "$1" &
exec ${endsWithParent.join(' ')} "$2" "$3" "$1"
`;

/** Resolves once it answers. */
export async function startNetwork(folder: string): Promise<Network> {
  writeFileSync(path.join(folder, 'resolv.world'), `nameserver ${worldDns}\n`);
  writeFileSync(path.join(folder, 'resolv.client'), `nameserver ${ztunnelDns}\n`);
  const inside = path.join(import.meta.dirname, 'inside/main.ts');
  const command = ['unshare', '-Urnm', 'sh', '-c', script, 'network', folder, process.execPath, inside];
  const child = start(command, (code) => {
    console.error(`the network ended with ${code}`);
    process.exit(1);
  });
  await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
  child.stdout?.pipe(process.stderr);
  const client = path.join(folder, 'client.pid');
  while (!existsSync(client) || readFileSync(client, 'utf8') === '') await sleep(20);
  writeCurl(path.join(folder, 'bin/curl'), entering(Number(readFileSync(client, 'utf8'))));
  return { enter: entering(child.pid ?? 0) };
}

function entering(pid: number): readonly string[] {
  return ['nsenter', '--preserve-credentials', '-U', '-n', '-m', '-t', String(pid)];
}

/** What `kubectl exec` finds as curl: the machine's own, in the client's view of the network. */
function writeCurl(file: string, enter: readonly string[]): void {
  writeFileSync(file, `#!/bin/sh\nexec ${enter.join(' ')} ${onPath('curl') ?? 'curl'} "$@"\n`);
  chmodSync(file, 0o755);
}
