// main.ts ENVOY FOLDER: in a network of its own, where every address is this machine. Reads a mesh a line, answers each with a line.
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Answer, Job, JobAnswer, Query } from '../messages.ts';
import { Client } from './client.ts';
import { nameAddress, serveDns } from './dns.ts';
import { Envoys } from './envoys.ts';
import { authorities } from './secrets.ts';
import { World } from './world.ts';

const [binary, folder] = process.argv.slice(2);
if (binary === undefined || folder === undefined) throw new Error('usage: main.ts ENVOY FOLDER');
mkdirSync(folder, { recursive: true });

const world = new World(authorities);
const client = new Client(authorities.mesh);
const envoys = new Envoys(binary, folder);
// A first look-up that fails is repeated only after a while, so names are there before any proxy.
await serveDns((address) => world.standAt(address));

/** One request at a time, so that whatever arrives at a site is known to be of it. */
async function ask(query: Query): Promise<Answer> {
  world.arrivals = [];
  world.certificate = query.certificate;
  world.plainPorts = query.plainPorts;
  world.site = query.site;
  const outcome = await client.send(query);
  const lines = await envoys.lines(query);
  await world.copies(query.copies);
  client.closeRedirected();
  return { id: query.id, ...outcome, arrivals: world.arrivals, lines };
}

async function run({ name, proxies, ports, sites, names = {}, queries }: Job): Promise<JobAnswer> {
  for (const [one, address] of Object.entries(names)) nameAddress(one, address);
  await world.listen(ports, sites);
  const failed = await envoys.start(proxies);
  const answers: Answer[] = [];
  try {
    for (const query of queries) answers.push(await ask(query));
  } finally {
    client.closeAll();
    await envoys.stop();
  }
  return { name, failed, answers };
}

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(await run(JSON.parse(line) as Job))}\n`);
process.exit(0);
