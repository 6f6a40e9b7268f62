// Holds pods.sh to what it promises: what stands in for container runtime, proxies and outside world answers as the real ones would.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../kit/peers.ts';
import { cacheFolder } from './programs.ts';

const namespace = 'common-infrastructure';

const serviceEntry = {
  apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata: { name: 'httpbin', namespace },
  spec: { hosts: ['httpbin.org'], ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 }], resolution: 'DNS' },
};

// The 24 fields of Istio's default text format, the addresses those of this cluster.
const logLine = /^\[[^\]]+\] "GET \/get HTTP\/1\.1" 200 - via_upstream - "-" 0 \d+ \d+ \d+ "-" "curl\/[^"]+" "[0-9a-f-]{36}" "httpbin\.org" "192\.0\.2\.10:443" inbound-vip\|80\|http\|httpbin\.org 10\.42\.0\.\d+:\d+ 240\.240\.0\.\d+:80 10\.42\.0\.\d+:\d+ - default$/m;

/** Wants pods, and a waypoint egress-gateway applied to common-infrastructure. */
export async function checkStandIns(cluster: Cluster): Promise<void> {
  const { kubectl } = cluster;
  await kubectl(['apply', '-f', path.join(cacheFolder(), 'share/istio/curl/curl.yaml')]);
  await kubectl(['apply', '-f', '-'], JSON.stringify(serviceEntry));
  await kubectl(['rollout', 'status', 'deployment/curl', '--timeout=20s']);
  await kubectl(['rollout', 'status', 'deployment/egress-gateway', `--namespace=${namespace}`, '--timeout=20s']);
  await kubectl(['wait', 'serviceentry/httpbin', `--namespace=${namespace}`, '--for=jsonpath={.status.addresses[0].value}', '--timeout=10s']);

  const follower = spawn(cluster.tools.kubectl, ['logs', '--follow', 'deployments/egress-gateway', `--namespace=${namespace}`], { env: cluster.env, stdio: ['ignore', 'pipe', 'ignore'] });
  let log = '';
  follower.stdout.setEncoding('utf8').on('data', (text: string) => { log += text; });
  try {
    await until(() => log.includes('no Envoy runs here'));
    const answer = await kubectl(['exec', 'deployment/curl', '--', 'curl', '--silent', '--include', 'http://httpbin.org/get']);
    assert.match(answer, /^HTTP\/1\.1 200 OK/);
    assert.match(answer, /"Host": "httpbin\.org"/);
    await until(() => logLine.test(log));
  } finally {
    follower.kill();
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 100; i++) {
    if (holds()) return;
    await sleep(50);
  }
  assert.fail('nothing arrived within 5 s');
}
