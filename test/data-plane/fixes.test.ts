// Each single fault of the story by bytes: what it does is what the trace says, and once it is fixed the requests do what the story means.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { run } from '../../server/src/cli/run.ts';
import { cliHost } from '../../server/src/host/node/cli-host.ts';
import { documentRules, rules } from '../../server/src/rules/index.gen.ts';
import { envoy } from '../kit/envoy.ts';
import { noServers } from '../kit/no-servers.ts';
import { peers } from '../kit/peers.ts';
import { storyFaults, writeStoryFault } from '../kit/story-faults.ts';
import { temporaryFolder } from '../kit/story-folder.ts';
import { Network } from './network.ts';
import { storyBytes, type StoryBytes } from './story-bytes.ts';

const [oracle, proxy] = [peers('oracle'), envoy()];
const missing = [oracle, proxy].find(({ available }) => !available);
const skip = missing && !missing.available ? missing.why : false;

const meant = { get: '200 httpbin.org:443 in TLS', post: '403' };
const http = { port: 80, scheme: 'http' } as const;
const https = { port: 443, scheme: 'https' } as const;

const past = { get: 'past the waypoint', post: 'past the waypoint' };
const plain = { get: '400 httpbin.org:443 in plaintext', post: '403' };
const denied = { get: '403', post: '403' };
const open = { get: '200 httpbin.org:443 in TLS', post: '200 httpbin.org:443 in TLS' };

/** What is seen of a fault before it is fixed; of all others nothing, as they are of objects that no request meets, or of logs. */
const seen: Readonly<Record<string, Pick<StoryBytes, 'get' | 'post'>>> = {
  'a misspelt host of a DestinationRule': plain,
  'TLS twice': { get: 'closed', post: 'closed' },
  'a policy for a ServiceEntry that is not there': open,
  'a policy for a Gateway that is not there': open,
  'an unknown source namespace': denied,
  'an unknown service account': denied,
  'a host of a policy that nothing has': denied,
  'a waypoint that is not there': past,
  'an HTTPRoute to a backend that is not there': { get: '500', post: '403' },
  'a VirtualService to an unknown host': { get: '503', post: '403' },
  'a VirtualService with both': { get: '503', post: '403' },
  'a misspelt value': past,
  'a misspelt field': open,
  'a misspelt kind': plain,
  'a misspelt key of the object': open,
  'a misspelt method': denied,
};

/** Two versions of one thing contradict each other; which of them is right, only their authors know. */
const withoutFix = /^(two protocols|TLS and plaintext|a resource that is there twice)/;

describe('faults of the story, by bytes', { skip, timeout: 600_000 }, () => {
  let network: Network;
  const dir = temporaryFolder('story-bytes');
  before(() => {
    assert.ok(proxy.available);
    network = new Network(proxy.bin);
  });
  after(() => network?.stop());
  const bytesOf = (folder: string, at: typeof http | typeof https): Promise<StoryBytes> => {
    assert.ok(oracle.available);
    return storyBytes(network, oracle.bin('oracle'), folder, at);
  };

  for (const [i, fault] of storyFaults.filter((one) => !withoutFix.test(one.fault)).entries())
    test(fault.fault, async () => {
      const folder = join(dir, String(i));
      const isTwice = fault.fault === 'TLS twice';
      const at = isTwice ? https : http;
      writeStoryFault(folder, fault);
      const faulty = await bytesOf(folder, at);
      assert.deepEqual(faulty.differences, [], 'the trace of the faulty story');
      assert.deepEqual({ get: faulty.get, post: faulty.post }, seen[fault.fault] ?? meant);
      const host = { ...cliHost('0', noServers), stderr: () => undefined };
      const args = ['fix', '--unsafe', '--yes', folder];
      await run(args, host, { rules, documentRules, pages: () => new Map() });
      const fixed = await bytesOf(folder, at);
      assert.deepEqual(fixed.differences, [], 'the trace of the fixed story');
      // Of the client's own TLS the waypoint sees no method, so that story has no policy on methods.
      assert.deepEqual({ get: fixed.get, post: fixed.post }, isTwice ? open : meant);
    });
});
