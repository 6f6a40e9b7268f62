// What findings from traces cost: a check of 1,000 hosts and an edit of a rule, with the rules that follow requests and without
// them, in turns in one run: `node test/bench/check.ts`. Fails where they take more than the given multiple.
import { shippedRules } from '../../server/src/engine/analyze.ts';
import { defaultSettings } from '../../server/src/engine/settings.ts';
import { Workspace } from '../../server/src/engine/workspace.ts';

const hosts = 1000;
const hostsOfWaypoint = 10;
const rounds = 5;
const edits = 50;
const most = { check: 3, edit: 5 };

const groupOf = (i: number) => `apiVersion: v1
kind: Namespace
metadata: { name: team-${i}, labels: { ${i % 4 === 0 ? 'istio-injection: enabled' : `istio.io/use-waypoint: wp, istio.io/use-waypoint-namespace: egress-${Math.floor(i / hostsOfWaypoint)}`} } }
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: api, namespace: team-${i} }
spec: { hosts: [host-${i}.example.com], ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 443 }], resolution: DNS }
`;
const ruleOf = (i: number, mode = 'SIMPLE') => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: api, namespace: ${i % 10 === 0 ? 'elsewhere' : `team-${i}`} }
spec: { host: host-${i}.example.com, trafficPolicy: { tls: { mode: ${mode} } } }
`;
const gatewayOf = (i: number) => `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: wp, namespace: egress-${i} }
spec: { gatewayClassName: istio-waypoint, listeners: [{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: { from: All } } }] }
`;

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function measure(rules: typeof shippedRules.rules): { check: number; edit: number } {
  const workspace = new Workspace({
    ...shippedRules,
    rules,
    settings: defaultSettings,
    onRuleError: (_rule, _subject, error) => {
      throw error;
    },
  });
  for (let i = 0; i < hosts / hostsOfWaypoint; i++) workspace.setFile(`file:///gateway-${i}.yaml`, gatewayOf(i));
  for (let i = 0; i < hosts; i++) {
    workspace.setFile(`file:///host-${i}.yaml`, groupOf(i));
    workspace.setFile(`file:///rule-${i}.yaml`, ruleOf(i));
  }
  const check = cpuMs(() => workspace.refresh());
  const edit = cpuMs(() => {
    for (let i = 0; i < edits; i++) {
      workspace.setFile(`file:///rule-${i}.yaml`, ruleOf(i, 'DISABLE'));
      workspace.refresh();
    }
  });
  return { check, edit: edit / edits };
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
const without = shippedRules.rules.filter(({ stage }) => stage !== 'trace');
const runs = Array.from({ length: rounds }, () => [measure(without), measure(shippedRules.rules)] as const);
for (const what of ['check', 'edit'] as const) {
  const [plain, traced] = [median(runs.map(([a]) => a[what])), median(runs.map(([, b]) => b[what]))];
  const ratio = median(runs.map(([a, b]) => b[what] / a[what]));
  console.log(
    `${what.padEnd(5)} ${plain.toFixed(2)} ms without findings from traces, ${traced.toFixed(2)} ms with them: ${ratio.toFixed(2)} times (at most ${most[what]})`,
  );
  if (ratio > most[what]) process.exitCode = 1;
}
