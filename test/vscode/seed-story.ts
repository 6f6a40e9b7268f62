// The whole story on a real cluster, lived from the editor: provision, verify, apply, test, read the log, restrict, be denied.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Cluster } from '../kit/peers.ts';
import { mapOfTheCluster, tableOfTheLog } from './cluster-views.ts';
import { until, type EditorDriver } from './editor-driver.ts';

export interface Seed {
  readonly cluster: Cluster;
  /** The folder of manifests that the editor has open. */
  readonly folder: string;
  readonly namespace: string;
  /** A step that held. */
  readonly ok: (what: string) => void;
}

export async function runClusterStory(driver: EditorDriver, seed: Seed): Promise<void> {
  await provisions(driver, seed);
  await undoes(driver, seed);
  await provisions(driver, seed);
  await applies(seed, 'client.yaml', 'destination-rule.yaml', 'telemetry.yaml');
  await appliesFromEditor(driver, seed, 'service-entry.yaml', 'ServiceEntry common-infrastructure/httpbin');
  await getIsAnswered(driver, seed);
  await followsTheLog(driver, seed);
  await appliesFromEditor(
    driver,
    seed,
    'authorization-policy.yaml',
    'AuthorizationPolicy common-infrastructure/httpbin',
  );
  await postIsDenied(driver, seed);
  await mapOfTheCluster(driver, seed.folder, seed.ok);
  await egressIsOpen(driver, seed);
  await deletes(driver, seed);
}

async function provisions(driver: EditorDriver, { cluster, namespace, ok }: Seed): Promise<void> {
  await driver.run('Istio Egress: Provision Egress Gateway', 'Provision Egress Gateway');
  await driver.answer(/Kubernetes context/);
  await driver.answer(/Namespace of the gateway/, namespace);
  for (const question of [/Name of the gateway/, /Send all traffic/, /Which traffic/]) await driver.answer(question);
  await driver.reads(
    'Plan: provision',
    'istio.io/use-waypoint: none → egress-gateway',
    'ServiceEntry common-infrastructure/httpbin',
  );
  await driver.page.locator('.monaco-dialog-box').waitFor();
  await driver.shoot('provisioning');
  await driver.confirmWrite('Provision', 'Context: local', `Namespace: ${namespace}`, 'waypoint', 'egress-gateway');
  ok('the plan is a document, and the last question shows context, namespace and command');

  await driver.toast(/is Programmed at/).waitFor({ timeout: 90_000 });
  await driver.shoot('provisioned');
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

async function undoes(driver: EditorDriver, { cluster, namespace, ok }: Seed): Promise<void> {
  await driver
    .toast(/is Programmed at/)
    .getByRole('button', { name: 'Undo' })
    .click();
  await driver.confirmWrite('Undo', 'Context: local', `Namespace: ${namespace}`, 'istio.io/use-waypoint-');
  await driver.toast(/was deleted/).waitFor();
  assert.equal(await label(cluster, namespace), '');
  assert.equal(await cluster.kubectl(['get', 'gateways.gateway.networking.k8s.io', '-n', namespace, '-o', 'name']), '');
  await driver.page.keyboard.press('Escape');
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
  driver: EditorDriver,
  { cluster, namespace, ok }: Seed,
  file: string,
  object: string,
): Promise<void> {
  await driver.open(file);
  await driver.run('Istio Egress: Apply Manifest', 'Apply Manifest');
  await driver.answer(/Which resources do you want to apply/);
  await driver.confirmWrite('Apply', 'Context: local', `Namespace: ${namespace}`, object);
  await driver.toast(new RegExp(`Applied: ${object}`)).waitFor();
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

async function sends(driver: EditorDriver, url: string, method: string): Promise<void> {
  await driver.answer(/Kubernetes context/);
  await driver.answer(/Namespace of the client/, 'default');
  await driver.answer(/Client workload in namespace default/);
  await driver.answer(/URL that the client calls/, url);
  await driver.answer(/Method/, method);
}

async function getIsAnswered(driver: EditorDriver, { ok }: Seed): Promise<void> {
  await driver.open('service-entry.yaml');
  await driver.page.locator('.codelens-decoration a', { hasText: 'Send test request' }).first().click();
  await sends(driver, 'http://httpbin.org/get', 'GET');
  await driver.reads('Test: GET httpbin.org', 'As expected: It was allowed', 'HTTP/1.1 200', 'In the gateway');
  await driver.toggleSideBar();
  await driver.shoot('test-request');
  await driver.toggleSideBar();
  ok("Send Test Request from the lens of the ServiceEntry: 200 as expected, with the gateway's line explained");
}

async function followsTheLog(driver: EditorDriver, { ok }: Seed): Promise<void> {
  await driver.run('Istio Egress: Follow Gateway Logs', 'Follow Gateway Logs');
  await driver.answer(/Kubernetes context/);
  await driver.run('Istio Egress: Show Gateway Log (Text)', 'Show Gateway Log (Text)');
  await driver.reads('Gateway log:', /GET\s+httpbin\.org\s+\/get\s+200/);
  await tableOfTheLog(driver, ok);
  // Documents need the panel's room.
  await driver.page.keyboard.press('Control+J');
  ok('Follow Gateway Logs shows the request as a row');
}

async function postIsDenied(driver: EditorDriver, { ok }: Seed): Promise<void> {
  await driver.run('Istio Egress: Send Test Request', 'Send Test Request');
  await sends(driver, 'http://httpbin.org/post', 'POST');
  await driver.reads('Test: POST httpbin.org', 'As expected: It was denied', 'HTTP/1.1 403', 'RBAC: access denied');
  await driver.shoot('denied-request');
  ok('after the policy a POST is denied, 403, as expected');

  await driver.page.locator('.tab', { hasText: 'Gateway log:' }).click();
  await driver.reads('Gateway log:', /POST\s+httpbin\.org\s+\/post\s+403\s+common-infrastructure\/httpbin/);
  await driver.page.locator('.codelens-decoration a', { hasText: 'Propose AuthorizationPolicy' }).first().waitFor();
  await driver.toggleMaximized();
  await driver.shoot('denied-log-line');
  await driver.toggleMaximized();
  ok('the followed log has the denied line, linked to the policy');

  await driver.page.locator('.codelens-decoration a', { hasText: 'Propose AuthorizationPolicy' }).first().click();
  await driver.reads('Untitled', /# A rule to add to AuthorizationPolicy common-infrastructure\/httpbin/);
  ok('and proposes what would allow it, as a new file');
}

/** The address of the host, which bypasses the gateway, is read from the gateway's log and offered. */
async function egressIsOpen(driver: EditorDriver, { ok }: Seed): Promise<void> {
  await driver.run('Istio Egress: Check Egress Is Closed', 'Check Egress Is Closed');
  await driver.answer(/Kubernetes context/);
  await driver.answer(/Namespace of the client/, 'default');
  await driver.answer(/Client workload in namespace default/);
  await driver.answer(/must succeed/, 'http://httpbin.org/get');
  await driver.answer(/no ServiceEntry declares/, 'http://elsewhere.example/');
  await driver.answer(/bypass the gateway/);
  await driver.showsRendered(/Egress from default.*OPEN/, /elsewhere\.example/, /192\.0\.2\.10/);
  await driver.shoot('egress-is-open');
  ok(
    'Check Egress Is Closed finds a host that nothing declares open, and the address of a declared one, and says what closes them',
  );
}

async function deletes(driver: EditorDriver, { cluster, namespace, ok }: Seed): Promise<void> {
  await driver.run('Istio Egress: Delete Egress Gateway', 'Delete Egress Gateway');
  await driver.answer(/Kubernetes context/);
  await driver.answer(/use this gateway by label/);
  await driver.page.locator('.monaco-dialog-box').waitFor();
  await driver.shoot('deletion');
  await driver.confirmWrite(
    'Delete',
    'Context: local',
    `Namespace: ${namespace}`,
    `These lose the gateway: Namespace ${namespace}`,
  );
  await driver.toast(/Gateway common-infrastructure\/egress-gateway was deleted/).waitFor();
  await until(
    'the Gateway is gone',
    async () =>
      (await cluster.kubectl(['get', 'gateways.gateway.networking.k8s.io', '-n', namespace, '-o', 'name'])) === '',
  );
  ok('Delete Egress Gateway says who loses it, and deletes it');
}
