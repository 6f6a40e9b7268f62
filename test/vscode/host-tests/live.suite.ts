// A real API server and control plane as a source: the view's other side, statuses, differences, diffs. The runner starts them and says where.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { say } from './report.ts';
import { equal, until } from './until.ts';
import { linesOf, view } from './view.suite.ts';
import { file, findings, noFindings, replace, revert, show } from './workspace.ts';

const kubeconfig = process.env['ISTIO_EGRESS_TEST_KUBECONFIG'] ?? '';
const kubectlPath = process.env['ISTIO_EGRESS_TEST_KUBECTL'] ?? '';
const settings = () => vscode.workspace.getConfiguration('istioEgress');
const kubectl = (args: readonly string[], input?: string) =>
  execFileSync(kubectlPath, args, { env: { ...process.env, KUBECONFIG: kubeconfig }, input, encoding: 'utf8' });
const textOf = (name: string) => readFileSync(file(name).fsPath, 'utf8');
const run = <T>(command: string, ...given: readonly unknown[]) =>
  vscode.commands.executeCommand<T>(`istioEgress.${command}`, ...given);

/** What controllers report of objects; only those lines. */
function statuses(name: string): readonly string[] {
  return vscode.languages
    .getDiagnostics(file(name))
    .filter(({ source }) => source === 'istio-egress (cluster)')
    .map(({ message }) => message);
}

async function clusterLines(): Promise<readonly string[]> {
  const tree = await view();
  const cluster = (await tree.getChildren()).find(({ label }) => label === 'Cluster');
  return cluster ? [`${cluster.label} | ${cluster.description}`, ...(await linesOf(tree, cluster))] : [];
}

async function has(...parts: readonly (string | RegExp)[]): Promise<void> {
  let lines: readonly string[] = [];
  try {
    await until(
      'the lines',
      async () => {
        lines = await clusterLines();
        return parts.every((part) =>
          lines.some((line) => (typeof part === 'string' ? line.includes(part) : part.test(line))),
        );
      },
      30_000,
    );
  } catch {
    throw new Error(`not all of ${parts.join(' / ')} are in\n${lines.join('\n')}`);
  }
}

if (kubeconfig === '') say('   no cluster: its tests are left out');
else
  suite('a cluster as a source', () => {
    suiteSetup(async () => {
      await noFindings();
      await settings().update('kubectlPath', kubectlPath, vscode.ConfigurationTarget.Global);
      await settings().update('kubeconfig', kubeconfig, vscode.ConfigurationTarget.Global);
      kubectl(['create', '--filename=-'], textOf('namespace.yaml'));
      const other =
        'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: other, namespace: common-infrastructure, labels: { istio.io/use-waypoint: none } }\nspec: { hosts: [other.example], resolution: DNS, ports: [{ number: 443, name: tls, protocol: TLS }] }\n';
      const rule = textOf('destination-rule.yaml').replace('mode: SIMPLE', 'mode: DISABLE');
      for (const text of [textOf('waypoint.yaml'), textOf('service-entry.yaml'), rule, other])
        kubectl(['apply', '--server-side', '--field-manager=somebody', '--filename=-'], text);
    });
    suiteTeardown(async () => {
      await run('forgetCluster');
      for (const name of ['kubectlPath', 'kubeconfig', 'cluster.use'])
        await settings().update(name, undefined, vscode.ConfigurationTarget.Global);
    });

    test('is read when it is asked for, and stands beside the files', async () => {
      await has('Cluster | not read');
      equal(await run('readCluster'), 'read');
      await has(
        /^Cluster \| local · /,
        /^egress-gateway \| not programmed: .*common-infrastructure/,
        /^ {2}httpbin\.org \| 80 plaintext/,
        'Bypasses every gateway | 1 host',
        'other.example | not in the files · the label says none',
      );
    });

    test('says how both sides differ, resource by resource', async () => {
      await has(
        'Differences | ',
        'httpbin | DestinationRule · differs · common-infrastructure',
        'httpbin | AuthorizationPolicy · not in the cluster · common-infrastructure',
        'other | ServiceEntry · not in the files · common-infrastructure',
      );
      equal(
        (await clusterLines()).filter((line) => /\| (Gateway|ServiceEntry) · differs/.test(line)),
        [],
      );
      equal(
        await run('showDifference', { kind: 'DestinationRule', namespace: 'common-infrastructure', name: 'httpbin' }),
        'different',
      );
      const input = await until('the diff', () => {
        const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        return tab instanceof vscode.TabInputTextDiff && tab;
      });
      const [left, right] = await Promise.all(
        [input.original, input.modified].map(async (uri) => (await vscode.workspace.openTextDocument(uri)).getText()),
      );
      equal(
        [
          left!.includes('mode: DISABLE'),
          right!.includes('mode: SIMPLE'),
          /resourceVersion|managedFields|status:/.test(left!),
        ],
        [true, true, false],
      );
    });

    test('reports what its controllers say, apart from findings and with the time', async () => {
      const told = await until('a status', () => {
        const all = statuses('waypoint.yaml');
        return all.length > 0 && all;
      });
      equal(
        told.every((message) =>
          /^In cluster local, Gateway common-infrastructure\/egress-gateway.*read \d{4}-\d\d-\d\dT/.test(message),
        ),
        true,
      );
      equal(
        findings('waypoint.yaml').filter(({ rule }) => rule.startsWith('status-')),
        [],
      );
    });

    test('lets the files know what only the cluster holds, and leaves them alone once it is forgotten', async () => {
      await replace('waypoint.yaml', 'name: egress-gateway', 'name: another');
      await until(
        'the gateway of the cluster',
        async () =>
          (await linesOf(await view())).some((line) => line.includes('egress-gateway')) &&
          findings('namespace.yaml').every(({ rule }) => rule !== 'unknown-waypoint'),
      );
      await run('forgetCluster');
      await until('the gateway is missed', () =>
        findings('namespace.yaml').some(({ rule }) => rule === 'unknown-waypoint'),
      );
      await until('no status', () => statuses('service-entry.yaml').length === 0);
      await revert('waypoint.yaml');
      await noFindings();
    });

    test('Diff Manifest asks the API server, and shows both sides of what would change', async () => {
      equal(await run('diffManifest', file('service-entry.yaml')), {
        'ServiceEntry common-infrastructure/httpbin': 'unchanged',
      });
      equal(await run('diffManifest', file('authorization-policy.yaml')), {
        'AuthorizationPolicy common-infrastructure/httpbin': 'create',
      });
      equal(await run('diffManifest', file('destination-rule.yaml')), {
        'DestinationRule common-infrastructure/httpbin': 'conflict',
      });
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
      equal(tab?.label, 'DestinationRule common-infrastructure/httpbin: cluster local ↔ after applying');
      equal(await run('diffManifest', file('destination-rule.yaml'), [file('client.yaml'), file('telemetry.yaml')]), {
        'Namespace default': 'change',
        'ServiceAccount default/curl': 'create',
        'Deployment default/curl': 'create',
        'Telemetry common-infrastructure/egress-access-log': 'create',
      });
    });

    test('is kept read where the setting says so', async () => {
      await show('service-entry.yaml');
      await settings().update('cluster.use', true, vscode.ConfigurationTarget.Global);
      equal(await run('readCluster'), 'read');
      kubectl(['delete', 'serviceentries.networking.istio.io', 'other', '--namespace=common-infrastructure']);
      equal(await run('readCluster'), 'read');
      await until('it is gone', async () => !(await clusterLines()).some((line) => line.includes('other.example')));
    });
  });
