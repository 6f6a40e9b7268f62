// Runs in the network of network.ts: the outside world, and what stands in for ztunnel. Reads what main.ts and the relay write.
//   main.ts FOLDER
import path from 'node:path';
import { readAddresses } from './addresses.ts';
import { answerDns } from '../../../kit/network/dns.ts';
import { readClient } from './client.ts';
import { startWorld, worldIp } from './world.ts';
import { vipOf } from './way.ts';
import { startZtunnel } from './ztunnel.ts';
import { worldDns, ztunnelDns } from '../network.ts';

const [folder = ''] = process.argv.slice(2);
const read = {
  addresses: () => readAddresses(path.join(folder, 'addresses.json')),
  client: () => readClient(path.join(folder, 'client.json')),
};

/** Names below `.invalid` do not exist; every other name is the one site. */
const inWorld = (name: string): string | undefined => (name.endsWith('.invalid') ? undefined : worldIp);
await answerDns(worldDns, { find: inWorld });
await answerDns(ztunnelDns, { find: (name) => vipOf(name, read) ?? inWorld(name) });
await startWorld(path.join(folder, 'world'));
await startZtunnel(path.join(folder, 'certs/root.crt'), read, path.join(folder, 'addresses.json'));
console.log('the network answers');
