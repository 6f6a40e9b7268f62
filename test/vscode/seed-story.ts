// The whole story on a real cluster, lived from the editor: provision, verify, apply, test, read the log, restrict, be denied.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Cluster } from '../kit/peers.ts';
import { until, type Hands } from './hands.ts';

export interface Seed {
  readonly cluster: Cluster;
  /** The folder of manifests that the editor has open. */
  readonly folder: string;
  readonly namespace: string;
  /** A step that held. */
  readonly ok: (what: string) => void;
}

export async function livesTheStory(hands: Hands, seed: Seed): Promise<void> {
  await provisions(hands, seed);
  await undoes(hands, seed);
  await provisions(hands, seed);
  await applies(seed, 'client.yaml', 'destination-rule.yaml', 'telemetry.yaml');
  await appliesFromEditor(hands, seed, 'service-entry.yaml', 'ServiceEntry common-infrastructure/httpbin');
  await getIsAnswered(hands, seed);
  await followsTheLog(hands, seed);
  await appliesFromEditor(
    hands,
    seed,
    'authorization-policy.yaml',
    'AuthorizationPolicy common-infrastructure/httpbin',
  );
  await postIsDenied(hands, seed);
  await egressIsOpen(hands, seed);
  await deletes(hands, seed);
}

async function provisions(hands: Hands, { cluster, namespace, ok }: Seed): Promise<void> {
  await hands.run('Istio Egress: Provision Egress Gateway', 'Provision Egress Gateway');
  await hands.answer(/Kubernetes context/);
  await hands.answer(/Namespace of the gateway/, namespace);
  for (const question of [/Name of the gateway/, /Send all traffic/, /Which traffic/]) await hands.answer(question);
  await hands.reads(
    'Provision plan.txt',
    'istio.io/use-waypoint: none → egress-gateway',
    'ServiceEntry common-infrastructure/httpbin',
  );
  await hands.page.locator('.monaco-dialog-box').waitFor();
  await hands.shoot('provisioning');
  await hands.agree('Provision', 'Context: local', `Namespace: ${namespace}`, 'waypoint', 'egress-gateway');
  ok('the plan is a document, and the last question shows context, namespace and command');

  await hands.toast(/is Programmed at/).waitFor({ timeout: 90_000 });
  await hands.shoot('provisioned');
  const gateway = JSON.parse(
    await cluster.kubectl([
      'get',
      'gateways.gateway.networking.k8s.io',
      '-n',
      namespace,
      'egress-gateway',
      '-o',
      'json',
    ]),
  ) as { spec: { gatewayClassName: string }; status: { conditions: { type: string; status: string }[] } };
  assert.equal(gateway.spec.gatewayClassName, 'istio-waypoint');
  assert.equal(gateway.status.conditions.find(({ type }) => type === 'Programmed')?.status, 'True');
  assert.equal(await label(cluster, namespace), 'egress-gateway');
  ok('istioctl ran; kubectl finds the Gateway, Programmed, and the label on the namespace');
}

async function undoes(hands: Hands, { cluster, namespace, ok }: Seed): Promise<void> {
  await hands
    .toast(/is Programmed at/)
    .getByRole('button', { name: 'Undo' })
    .click();
  await hands.agree('Undo', 'Context: local', `Namespace: ${namespace}`, 'istio.io/use-waypoint-');
  await hands.toast(/was deleted/).waitFor();
  assert.equal(await label(cluster, namespace), '');
  assert.equal(await cluster.kubectl(['get', 'gateways.gateway.networking.k8s.io', '-n', namespace, '-o', 'name']), '');
  await hands.page.keyboard.press('Escape');
  ok('Undo takes both back');
}

async function label(cluster: Cluster, namespace: string): Promise<string> {
  return cluster.kubectl(['get', 'namespace', namespace, '-o', 'jsonpath={.metadata.labels.istio\\.io/use-waypoint}']);
}

async function applies({ cluster, folder, ok }: Seed, ...files: readonly string[]): Promise<void> {
  await cluster.kubectl(['apply', ...files.map((file) => `--filename=${join(folder, file)}`)]);
  await cluster.kubectl(['rollout', 'status', 'deployment/curl', '--timeout=60s']);
  ok(`applied: ${files.join(', ')}`);
}

const conditions: Readonly<Record<string, string>> = {
  ServiceEntry: 'istio.io/WaypointBound',
  AuthorizationPolicy: 'WaypointAccepted',
};

async function appliesFromEditor(
  hands: Hands,
  { cluster, namespace, ok }: Seed,
  file: string,
  object: string,
): Promise<void> {
  await hands.open(file);
  await hands.run('Istio Egress: Apply Manifest', 'Apply Manifest');
  await hands.answer(/Which resources do you want to apply/);
  await hands.agree('Apply', 'Context: local', `Namespace: ${namespace}`, object);
  await hands.toast(new RegExp(`Applied: ${object}`)).waitFor();
  const [kind = '', name = ''] = object.split(/ .*\//);
  await cluster.kubectl([
    'wait',
    `${kind.toLowerCase()}/${name}`,
    `--namespace=${namespace}`,
    `--for=jsonpath={.status.conditions[?(@.type=="${conditions[kind]}")].status}=True`,
    '--timeout=60s',
  ]);
  ok(`${object} is applied from the editor, and istiod takes it`);
}

async function sends(hands: Hands, url: string, method: string): Promise<void> {
  await hands.answer(/Kubernetes context/);
  await hands.answer(/Namespace of the client/, 'default');
  await hands.answer(/Client workload in namespace default/);
  await hands.answer(/URL that the client calls/, url);
  await hands.answer(/Method/, method);
}

async function getIsAnswered(hands: Hands, { ok }: Seed): Promise<void> {
  await hands.open('service-entry.yaml');
  await hands.page.locator('.codelens-decoration a', { hasText: 'Send test request' }).first().click();
  await sends(hands, 'http://httpbin.org/get', 'GET');
  await hands.reads('Test request.txt', 'As expected: It was allowed', 'HTTP/1.1 200', 'In the gateway');
  await hands.toggleSideBar();
  await hands.shoot('test-request');
  await hands.toggleSideBar();
  ok("Send Test Request from the lens of the ServiceEntry: 200 as expected, with the gateway's line explained");
}

async function followsTheLog(hands: Hands, { ok }: Seed): Promise<void> {
  await hands.run('Istio Egress: Follow Gateway Logs', 'Follow Gateway Logs');
  await hands.answer(/Kubernetes context/);
  await hands.reads('Gateway log.txt', /GET\s+httpbin\.org\s+\/get\s+200/);
  ok('Follow Gateway Logs shows the request as a row');
}

async function postIsDenied(hands: Hands, { ok }: Seed): Promise<void> {
  await hands.run('Istio Egress: Send Test Request', 'Send Test Request');
  await sends(hands, 'http://httpbin.org/post', 'POST');
  await hands.reads('Test request.txt', 'As expected: It was denied', 'HTTP/1.1 403', 'RBAC: access denied');
  await hands.shoot('denied-request');
  ok('after the policy a POST is denied, 403, as expected');

  await hands.page.locator('.tab', { hasText: 'Gateway log.txt' }).click();
  await hands.reads('Gateway log.txt', /POST\s+httpbin\.org\s+\/post\s+403\s+common-infrastructure\/httpbin/);
  await hands.page.locator('.codelens-decoration a', { hasText: 'Propose AuthorizationPolicy' }).first().waitFor();
  await hands.toggleMaximized();
  await hands.shoot('denied-log-line');
  await hands.toggleMaximized();
  ok('the followed log has the denied line, linked to the policy');

  await hands.page.locator('.codelens-decoration a', { hasText: 'Propose AuthorizationPolicy' }).first().click();
  await hands.reads('Untitled', /# A rule to add to AuthorizationPolicy common-infrastructure\/httpbin/);
  ok('and proposes what would allow it, as a new file');
}

/** The address past the gateway is left out: what stands in for the network does not look at addresses. */
async function egressIsOpen(hands: Hands, { ok }: Seed): Promise<void> {
  await hands.run('Istio Egress: Check Egress Is Closed', 'Check Egress Is Closed');
  await hands.answer(/Kubernetes context/);
  await hands.answer(/Namespace of the client/, 'default');
  await hands.answer(/Client workload in namespace default/);
  await hands.answer(/must succeed/, 'http://httpbin.org/get');
  await hands.answer(/no ServiceEntry declares/, 'http://elsewhere.example/');
  await hands.answer(/bypass the gateway/, ' ');
  await hands.reads('# Egress from default', /OPEN/, /elsewhere\.example/);
  await hands.shoot('egress-is-open');
  ok('Check Egress Is Closed finds a host that nothing declares open, and says what closes it');
}

async function deletes(hands: Hands, { cluster, namespace, ok }: Seed): Promise<void> {
  await hands.run('Istio Egress: Delete Egress Gateway', 'Delete Egress Gateway');
  await hands.answer(/Kubernetes context/);
  await hands.answer(/use this gateway by label/);
  await hands.page.locator('.monaco-dialog-box').waitFor();
  await hands.shoot('deletion');
  await hands.agree(
    'Delete',
    'Context: local',
    `Namespace: ${namespace}`,
    `These lose the gateway: Namespace ${namespace}`,
  );
  await hands.toast(/Gateway common-infrastructure\/egress-gateway was deleted/).waitFor();
  await until(
    'the Gateway is gone',
    async () =>
      (await cluster.kubectl(['get', 'gateways.gateway.networking.k8s.io', '-n', namespace, '-o', 'name'])) === '',
  );
  ok('Delete Egress Gateway says who loses it, and deletes it');
}
