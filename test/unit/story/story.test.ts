// The story of `examples/` is clean, and each single fault put into it is named by one rule on the node to edit.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { analyzeFiles, applyFix, fixesFor, type Analysis } from '../../../server/src/engine/analyze.ts';

type Files = Readonly<Record<string, string>>;

const folder = join(import.meta.dirname, '../../../examples');
const story: Files = Object.fromEntries(
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
);

interface Fault {
  readonly fault: string;
  readonly rule: string;
  /** Replacements of text that must be there. */
  readonly edit?: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>>;
  readonly add?: Files;
  readonly remove?: string;
  /** File and text of the finding's node. */
  readonly at: readonly [file: string, node: string];
  /** The same of its related places, where they are compared. */
  readonly related?: readonly (readonly [file: string, node: string])[];
  /** Default: warning. */
  readonly severity?: string;
}

const entry = 'service-entry.yaml';
const rule = 'destination-rule.yaml';
const policy = 'authorization-policy.yaml';
const waypoint = 'waypoint.yaml';
const namespace = 'namespace.yaml';

const portLevel = (settings: string) => `  trafficPolicy:\n    portLevelSettings:\n${settings}`;
/** Conditions that only HTTP has. */
const onlyGet = '    to:\n    - operation:\n        methods: [GET]\n';
const hostLevel = '  trafficPolicy:\n    tls:\n      mode: SIMPLE\n';
const httpsPort = [
  'targetPort: 443\n',
  'targetPort: 443\n  - number: 443\n    name: https\n    protocol: HTTPS\n',
] as const;

function secondRule(name: string, inNamespace: string, trafficPolicy: string): string {
  return `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: ${name}\n  namespace: ${inNamespace}\nspec:\n  host: httpbin.org\n  trafficPolicy:\n    ${trafficPolicy}\n`;
}

const faults: readonly Fault[] = [
  {
    fault: 'the rule names another host',
    rule: 'unknown-destination-host',
    at: [rule, 'httpbin.com'],
    edit: { [rule]: [['host: httpbin.org', 'host: httpbin.com']] },
  },
  {
    fault: "the waypoint's name is misspelt",
    rule: 'unknown-waypoint',
    at: [namespace, 'egress-gatewy'],
    edit: { [namespace]: [['use-waypoint: egress-gateway', 'use-waypoint: egress-gatewy']] },
  },
  {
    fault: "the policy's target is misspelt",
    rule: 'unknown-policy-target',
    at: [policy, 'httpbim'],
    edit: { [policy]: [['kind: ServiceEntry\n    name: httpbin', 'kind: ServiceEntry\n    name: httpbim']] },
  },
  {
    fault: "the policy's target is the host",
    rule: 'policy-target-is-host',
    at: [policy, 'httpbin.org'],
    edit: { [policy]: [['kind: ServiceEntry\n    name: httpbin', 'kind: ServiceEntry\n    name: httpbin.org']] },
  },
  {
    fault: "the telemetry's target is misspelt",
    rule: 'unknown-policy-target',
    at: ['telemetry.yaml', 'gateway'],
    edit: { 'telemetry.yaml': [['name: egress-gateway', 'name: gateway']] },
  },
  {
    fault: 'the rule is there twice, with other content',
    rule: 'duplicate-resource',
    at: [rule, 'httpbin'],
    severity: 'error',
    edit: {
      [rule]: [
        [
          'mode: SIMPLE\n',
          `mode: SIMPLE\n---\n${secondRule('httpbin', 'common-infrastructure', 'tls: { mode: SIMPLE, sni: httpbin.org }')}`,
        ],
      ],
    },
  },
  {
    fault: 'no resolution',
    rule: 'missing-resolution',
    at: [entry, 'httpbin.org'],
    edit: { [entry]: [['  resolution: DNS\n', '']] },
  },
  {
    fault: 'resolution NONE',
    rule: 'service-entry-without-address',
    at: [entry, 'NONE'],
    edit: { [entry]: [['resolution: DNS', 'resolution: NONE']] },
  },
  {
    fault: 'no port',
    rule: 'service-entry-without-port',
    at: [entry, 'spec'],
    edit: { [entry]: [['  ports:\n  - number: 80\n    name: http\n    protocol: HTTP\n    targetPort: 443\n', '']] },
  },
  {
    fault: 'the host is listed by a second entry',
    rule: 'duplicate-host-in-namespace',
    at: [entry, 'httpbin.org'],
    add: {
      'second.yaml':
        'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: again, namespace: common-infrastructure }\nspec:\n  hosts: [httpbin.org]\n  ports: [{ number: 80, name: http, protocol: HTTP, targetPort: 443 }]\n  resolution: DNS\n',
    },
  },
  {
    fault: 'the namespace is not enrolled',
    rule: 'egress-bypasses-waypoint',
    at: [entry, 'httpbin'],
    edit: { [namespace]: [['    istio.io/use-waypoint: egress-gateway\n', '']] },
  },
  {
    fault: 'the waypoint is for workloads',
    rule: 'waypoint-ignores-services',
    at: [waypoint, 'workload'],
    edit: {
      [waypoint]: [
        [
          'namespace: common-infrastructure\n',
          'namespace: common-infrastructure\n  labels:\n    istio.io/waypoint-for: workload\n',
        ],
      ],
    },
  },
  {
    fault: "the listener's port is another one",
    rule: 'waypoint-listener-invalid',
    at: [waypoint, '15009'],
    edit: { [waypoint]: [['port: 15008', 'port: 15009']] },
  },
  {
    fault: "the waypoint's class is a gateway's",
    rule: 'waypoint-class-mismatch',
    at: [waypoint, 'istio'],
    edit: { [waypoint]: [['gatewayClassName: istio-waypoint', 'gatewayClassName: istio']] },
  },
  {
    fault: 'the waypoint admits other namespaces only',
    rule: 'waypoint-attachment-denied',
    at: [waypoint, 'Selector'],
    edit: {
      [waypoint]: [
        [
          'protocol: HBONE\n',
          'protocol: HBONE\n    allowedRoutes:\n      namespaces:\n        from: Selector\n        selector: { matchLabels: { kubernetes.io/metadata.name: shop } }\n',
        ],
      ],
    },
  },
  {
    fault: 'use-waypoint is an annotation',
    rule: 'use-waypoint-misplaced',
    at: [namespace, 'istio.io/use-waypoint'],
    edit: {
      [namespace]: [
        ['    istio.io/use-waypoint: egress-gateway\n', '  annotations:\n    istio.io/use-waypoint: egress-gateway\n'],
      ],
    },
  },
  { fault: 'no DestinationRule', rule: 'plaintext-to-tls-port', at: [entry, '443'], remove: rule },
  {
    fault: "the rule stands in the client's namespace",
    rule: 'plaintext-to-tls-port',
    at: [entry, '443'],
    related: [[rule, 'default']],
    edit: { [rule]: [['namespace: common-infrastructure', 'namespace: default']] },
  },
  {
    fault: 'the rule has a workloadSelector',
    rule: 'plaintext-to-tls-port',
    at: [entry, '443'],
    related: [[rule, 'workloadSelector']],
    edit: {
      [rule]: [['  host: httpbin.org\n', '  host: httpbin.org\n  workloadSelector:\n    matchLabels: { app: curl }\n']],
    },
  },
  {
    fault: 'mode DISABLE',
    rule: 'plaintext-to-tls-port',
    at: [entry, '443'],
    related: [[rule, 'DISABLE']],
    edit: { [rule]: [['mode: SIMPLE', 'mode: DISABLE']] },
  },
  {
    fault: "a wider rule of the waypoint's namespace comes first",
    rule: 'plaintext-to-tls-port',
    at: [entry, '443'],
    related: [
      [rule, 'httpbin.org'],
      ['wide.yaml', '"*.org"'],
    ],
    edit: { [rule]: [['namespace: common-infrastructure', 'namespace: istio-system']] },
    add: {
      'wide.yaml': secondRule('wide', 'common-infrastructure', 'loadBalancer: { simple: RANDOM }').replace(
        'httpbin.org',
        '"*.org"',
      ),
    },
  },
  {
    fault: 'TLS in a subset only',
    rule: 'plaintext-to-tls-port',
    at: [entry, '443'],
    related: [[rule, 'encrypted']],
    edit: {
      [rule]: [[hostLevel, '  subsets:\n  - name: encrypted\n    trafficPolicy:\n      tls:\n        mode: SIMPLE\n']],
    },
  },
  {
    fault: 'TLS for another port only',
    rule: 'plaintext-to-tls-port',
    at: [entry, '443'],
    related: [[rule, '8080']],
    edit: { [rule]: [[hostLevel, portLevel('    - port:\n        number: 8080\n      tls:\n        mode: SIMPLE\n')]] },
  },
  {
    fault: 'no targetPort',
    rule: 'tls-to-plaintext-port',
    at: [entry, '80'],
    edit: { [entry]: [['    targetPort: 443\n', '']] },
  },
  {
    fault: 'clients speak TLS',
    rule: 'double-tls',
    at: [rule, 'SIMPLE'],
    edit: {
      [entry]: [
        [
          'number: 80\n    name: http\n    protocol: HTTP\n    targetPort: 443',
          'number: 443\n    name: https\n    protocol: HTTPS',
        ],
      ],
      [policy]: [[onlyGet, '']],
    },
  },
  {
    fault: 'clients also speak TLS',
    rule: 'double-tls',
    at: [rule, 'SIMPLE'],
    severity: 'information',
    edit: { [entry]: [httpsPort] },
  },
  {
    fault: "a second rule in the client's namespace",
    rule: 'destination-rule-not-selected',
    at: ['second.yaml', 'default'],
    add: { 'second.yaml': secondRule('httpbin', 'default', 'tls: { mode: SIMPLE }') },
  },
  {
    fault: 'a second rule beside the first',
    rule: 'duplicate-destination-rule',
    at: ['second.yaml', 'httpbin.org'],
    add: {
      'second.yaml': secondRule('limits', 'common-infrastructure', 'connectionPool: { tcp: { maxConnections: 10 } }'),
    },
  },
  {
    fault: 'port settings for the targetPort',
    rule: 'port-level-target-port',
    at: [rule, '443'],
    edit: { [rule]: [[hostLevel, portLevel('    - port:\n        number: 443\n      tls:\n        mode: SIMPLE\n')]] },
  },
  {
    fault: 'port settings without tls',
    rule: 'port-level-drops-tls',
    at: [rule, '80'],
    edit: {
      [rule]: [
        [
          hostLevel,
          `${hostLevel}    portLevelSettings:\n    - port:\n        number: 80\n      loadBalancer:\n        simple: RANDOM\n`,
        ],
      ],
    },
  },
  {
    fault: "the mesh's own mTLS",
    rule: 'istio-mutual-to-external',
    at: [rule, 'ISTIO_MUTUAL'],
    edit: { [rule]: [['mode: SIMPLE', 'mode: ISTIO_MUTUAL']] },
  },
  {
    fault: 'the policy has no target',
    rule: 'policy-not-at-waypoint',
    at: [policy, 'spec'],
    edit: {
      [policy]: [['  targetRefs:\n  - group: networking.istio.io\n    kind: ServiceEntry\n    name: httpbin\n', '']],
    },
  },
  {
    fault: 'a suppression that suppresses nothing',
    rule: 'unused-suppression',
    at: [entry, '# istio-egress-ignore plaintext-to-tls-port: served by a test'],
    severity: 'information',
    edit: {
      [entry]: [
        [
          '    targetPort: 443',
          '    # istio-egress-ignore plaintext-to-tls-port: served by a test\n    targetPort: 443',
        ],
      ],
    },
  },
];

/** Rules that one fault of the story must bring up: what breaks the way out itself. The others have pages of their own. */
const wanted = [
  'unknown-destination-host',
  'unknown-waypoint',
  'unknown-policy-target',
  'policy-target-is-host',
  'duplicate-resource',
  'missing-resolution',
  'service-entry-without-address',
  'service-entry-without-port',
  'duplicate-host-in-namespace',
  'egress-bypasses-waypoint',
  'waypoint-ignores-services',
  'waypoint-attachment-denied',
  'waypoint-listener-invalid',
  'waypoint-class-mismatch',
  'use-waypoint-misplaced',
  'plaintext-to-tls-port',
  'tls-to-plaintext-port',
  'double-tls',
  'destination-rule-not-selected',
  'duplicate-destination-rule',
  'port-level-target-port',
  'port-level-drops-tls',
  'istio-mutual-to-external',
  'policy-not-at-waypoint',
  'unused-suppression',
];

describe('the story', () => {
  it('has no finding', () => {
    assert.deepEqual(
      analyze(story).findings.map(({ rule: id, message }) => `${id}: ${message}`),
      [],
    );
  });

  it('is tried with a fault for each rule about the way out', () => {
    const tried = new Set<string>(faults.map((fault) => fault.rule));
    assert.deepEqual(
      wanted.filter((id) => !tried.has(id)),
      [],
    );
  });

  it('tells what comes first of two faults on one way', () => {
    // Without an address clients go past the waypoint, so that what it would send in the clear never gets there.
    const files = withFault({ edit: { [entry]: [['resolution: DNS', 'resolution: NONE']] }, remove: rule });
    assert.deepEqual(
      analyze(files).findings.map((finding) => finding.rule),
      ['service-entry-without-address'],
    );
  });

  for (const fault of faults) {
    it(`${fault.fault}: ${fault.rule}`, () => {
      const files = withFault(fault);
      const analysis = analyze(files);
      assert.deepEqual(
        analysis.findings.map(({ rule: id, severity, uri, span }) => [
          id,
          severity,
          uri,
          files[uri]?.slice(span.start, span.end),
        ]),
        [[fault.rule, fault.severity ?? 'warning', ...fault.at]],
      );
      const related = analysis.findings
        .flatMap((finding) => finding.related)
        .map(({ uri, span }) => [uri, files[uri]?.slice(span.start, span.end)]);
      if (fault.related) assert.deepEqual(related, fault.related);
    });

    it(`${fault.fault}: its preferred and its safe fixes lead back to a story without findings`, () => {
      const files = withFault(fault);
      const analysis = analyze(files);
      for (const finding of analysis.findings) {
        for (const fix of fixesFor(analysis, finding).filter(({ safety }, i) => i === 0 || safety === 'safe')) {
          const after = { ...files, ...Object.fromEntries(applyFix(analysis, fix) ?? []) };
          assert.deepEqual(
            analyze(after).findings.map(({ rule: id, message }) => `${fix.title} -> ${id}: ${message}`),
            [],
          );
        }
      }
    });
  }
});

function analyze(files: Files): Analysis {
  return analyzeFiles(Object.entries(files).map(([uri, text]) => ({ uri, text })));
}

function withFault({ edit = {}, add = {}, remove }: Pick<Fault, 'edit' | 'add' | 'remove'>): Files {
  const edited = Object.entries(edit).map(([file, replacements]): [string, string] => [
    file,
    replacements.reduce((text, [from, to]) => {
      assert.ok(text.includes(from), `${file} has no "${from}"`);
      return text.replace(from, to);
    }, story[file] ?? ''),
  ]);
  const files = { ...story, ...Object.fromEntries(edited), ...add };
  return Object.fromEntries(Object.entries(files).filter(([file]) => file !== remove));
}
