// The data plane of a test cluster. The waypoints' Envoys are real and get their configuration from the running istiod (gateways.ts,
// ../relay). ztunnel, istio-cni and the outside world are stood in for, in a network of their own (network.ts, inside/).
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ApiServer } from './api-server.ts';
import { Capture } from './capture.ts';
import { authority, istiodsAuthority } from './certificates.ts';
import { Gateways } from './gateways.ts';
import { startNetwork } from './network.ts';
import { startBesides } from './processes.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    api: { type: 'string' },
    istiod: { type: 'string' },
    relay: { type: 'string' },
    envoy: { type: 'string' },
  },
});
const { folder: cluster, api: url, istiod, relay, envoy } = values;
if (!cluster || !url || !istiod || !relay || !envoy)
  throw new Error('usage: main.ts --folder CLUSTER --api URL --istiod ADDRESS --relay PROGRAM --envoy PROGRAM');

const folder = path.join(cluster, 'pods');
const api = new ApiServer(url, path.join(cluster, 'certs/apiserver.crt'));
mkdirSync(path.join(folder, 'certs'), { recursive: true });
const mesh = await istiodsAuthority(api, folder);
const world = authority(path.join(folder, 'world'), 'the world');
startBesides(relay, ['addresses', '-istiod', istiod, '-file', path.join(folder, 'addresses.json')]);
const network = await startNetwork(folder);
const gateways = new Gateways({ folder, istiod, relay, envoy, mesh, world, network, log });
const capture = new Capture(folder, mesh, api);
void api.watch('namespaces', (namespaces) => capture.namespaces(namespaces));
void api.watch('pods', (pods) => {
  capture.pods(pods);
  gateways.keep(pods);
});

/** As the container runtime writes it: time, stream, F for a full line, text. */
function log(line: string): void {
  appendFileSync(path.join(folder, 'egress-gateway.log'), `${new Date().toISOString()} stdout F ${line}\n`);
}
