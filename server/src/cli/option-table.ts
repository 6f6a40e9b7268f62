// The options, in one table: which command takes which, how help shows them, and from what completion offers values.
import { newestVersion, oldestVersion } from '../model/istio-releases.ts';
import type { Command } from './command-table.ts';
import { detailOptions } from './detail-options.ts';
import { commandsByFormats } from './formats.ts';
import type { OptionEntry, OptionUse } from './option-entry.ts';
import type { Severity } from '../rules/rule.ts';

/** From which severity on a run of `check` fails. */
export const severities = ['error', 'warning', 'information'] as const satisfies readonly Severity[];
/** For what a run of `diff` fails. */
export const reasonsToFail = ['opened', 'bypass', 'new-findings'] as const;
export type ReasonToFail = (typeof reasonsToFail)[number];

export const optionTable: readonly OptionEntry[] = [
  { name: '--format', uses: formatUses() },
  {
    name: '--fail-on',
    uses: [
      {
        of: ['check', 'fix'],
        value: severities.join('|'),
        text: 'exit with 1 from this severity on (default warning)',
      },
      {
        of: ['diff'],
        value: reasonsToFail.join(','),
        text: 'exit with 1 if access is opened, requests bypass a gateway, or there are new warnings or errors (default: never)',
      },
    ],
  },
  {
    name: '--istio-version',
    uses: [{ value: `${oldestVersion}..${newestVersion}`, text: 'the Istio version that the manifests are for' }],
  },
  {
    name: '--mesh-config',
    uses: [{ value: 'FILE', text: 'read mesh settings from MeshConfig, IstioOperator or Helm values' }],
  },
  {
    name: '--complete',
    uses: [{ value: 'KIND,...', text: 'kinds that PATH fully covers: what is not in PATH does not exist' }],
  },
  {
    name: '--config',
    uses: [{ value: 'FILE', text: 'use FILE; default: the nearest .istio-egress.yaml, upwards' }],
  },
  { name: '--rule', uses: [{ of: ['check', 'fix'], value: 'RULE', text: 'run only this rule' }] },
  {
    name: '--files-from',
    uses: [{ of: ['check', 'fix'], value: 'FILE|-', text: 'read paths from FILE or standard input, one a line' }],
  },
  {
    name: '--severity',
    repeats: true,
    uses: [
      {
        of: ['check', 'fix'],
        value: 'RULE=LEVEL,...',
        text: 'error, warning, information, hint or off for a rule',
      },
    ],
  },
  {
    name: '--require-resources',
    uses: [{ of: ['check'], text: 'exit with 1 if no Istio or Gateway API resources are found' }],
  },
  { name: '--write-baseline', uses: [{ of: ['check'], value: 'FILE', text: 'record all findings in FILE' }] },
  { name: '--baseline', uses: [{ of: ['check'], value: 'FILE', text: 'ignore findings recorded in FILE' }] },
  {
    name: '--manifests',
    uses: [
      { of: ['log'], value: 'PATH', text: 'link lines to these manifests, propose policies' },
      { of: ['learn'], value: 'PATH', text: 'write only what these manifests lack' },
    ],
  },
  ...detailOptions,
  {
    name: '--host',
    repeats: true,
    uses: [
      { of: ['access'], value: 'HOST', text: 'only this host' },
      { of: ['new'], value: 'HOST', text: 'the host of the route, or *.DOMAIN' },
    ],
  },
  {
    name: '--tls',
    uses: [
      {
        of: ['new'],
        value: 'originate|pass-through|mutual|plain',
        text: 'who encrypts: the gateway, the client, the gateway with a client certificate (--secret NAME), nobody',
      },
    ],
  },
  { name: '--port', uses: [{ of: ['new'], value: 'N', text: 'port of the host (default 443, plain: 80)' }] },
  { name: '--secret', uses: [{ of: ['new'], value: 'NAME', text: 'the Secret with the client certificate' }] },
  {
    name: '--gateway',
    uses: [
      { of: ['new'], value: 'NS/NAME', text: 'the waypoint, also a new one, or a classic egress gateway' },
      {
        of: ['learn'],
        value: 'NS/NAME',
        text: 'the gateway whose logs --cluster reads: a Gateway, or the Service or Deployment of a classic one',
      },
    ],
  },
  { name: '--since', uses: [{ of: ['learn'], value: 'DURATION', text: 'how far back --cluster reads logs: 10m' }] },
  {
    name: '--path',
    repeats: true,
    uses: [{ of: ['new'], value: '/P,...', text: 'allowed paths' }],
  },
  { name: '--access-log', uses: [{ of: ['new'], value: 'yes|no', text: 'access log of the gateway' }] },
  {
    name: '--wide',
    uses: [{ of: ['access'], text: 'one line for each answer with every client and reason' }],
  },
  {
    name: '--from',
    uses: [
      { of: ['trace'], value: 'NS[/SA]', text: 'namespace and service account of the client' },
      { of: ['learn'], value: 'NS[/SA]', text: 'the client of lines that do not name one' },
      { of: ['new'], value: 'NS[/SA],...', text: 'the clients that may call; * means all' },
    ],
  },
  {
    name: '--method',
    uses: [
      { of: ['trace'], value: 'METHOD', text: 'the HTTP method of the request' },
      { of: ['new'], value: 'METHOD,...', text: 'allowed methods' },
    ],
  },
  { name: '--sni', uses: [{ of: ['trace'], value: 'NAME', text: 'the TLS server name of the request' }] },
  { name: '--header', repeats: true, uses: [{ of: ['trace'], value: 'K:V', text: 'a request header' }] },
  { name: '--label', repeats: true, uses: [{ of: ['trace'], value: 'K=V', text: "a label of the client's pod" }] },
  {
    name: '--render',
    uses: [
      {
        of: ['check', 'trace', 'access', 'graph', 'stats', 'test', 'diff'],
        text: 'run your helm and kustomize on charts and overlays, and check the output (nothing is downloaded)',
      },
    ],
  },
  {
    name: '--cluster',
    uses: [
      {
        of: ['check', 'trace', 'access', 'graph', 'stats'],
        text: 'also read the current cluster with your kubectl; its resources are used where no file has the resource',
      },
      { of: ['diff'], text: 'compare the cluster with the files' },
      { of: ['drift'], text: 'drift always reads the cluster' },
      { of: ['learn'], text: 'read the cluster, and the logs of --gateway' },
    ],
  },
  {
    name: '--context',
    uses: [{ of: clusterCommands(), value: 'CONTEXT', text: 'the cluster of this context' }],
  },
  {
    name: '--namespace',
    repeats: true,
    uses: [{ of: clusterCommands(), value: 'NS,...', text: 'read only these namespaces of the cluster' }],
  },
  { name: '--dry-run', uses: [{ of: ['fix', 'migrate', 'new'], text: 'print a diff, change no file' }] },
  {
    name: '--unsafe',
    uses: [
      {
        of: ['fix'],
        text: 'also apply the preferred fix of findings at --fail-on or above that have no safe one; shows the diff and asks',
      },
    ],
  },
  {
    name: '--yes',
    uses: [
      { of: ['fix'], text: 'do not ask (with --unsafe)' },
      { of: ['migrate', 'new'], text: 'do not ask' },
    ],
  },
  {
    name: '--remove',
    uses: [{ of: ['migrate'], text: 'also remove the objects that only the egress gateway needs' }],
  },
  { name: '--stdio', uses: [{ of: ['lsp'], text: 'over standard input and output' }] },
  { name: '--no-color', uses: [{ text: 'print without colors (also: NO_COLOR; FORCE_COLOR=1 prints with them)' }] },
  {
    name: '--help',
    short: '-h',
    uses: [{ text: "show help; istio-egress help COMMAND shows one command's" }],
  },
  { name: '--version', uses: [{ text: 'print the version' }] },
];

function clusterCommands(): readonly Command[] {
  return ['check', 'trace', 'access', 'graph', 'stats', 'diff', 'drift', 'learn'];
}

function formatUses(): readonly OptionUse[] {
  return [...commandsByFormats()].map(([value, of]) => ({
    of,
    value,
    text: `output format (default ${value.split('|')[0]!})`,
  }));
}

/** Commands that take the option; undefined where any may have it. */
export function commandsWith({ uses }: OptionEntry): readonly Command[] | undefined {
  return uses.every(({ of }) => of) ? uses.flatMap(({ of }) => of ?? []) : undefined;
}

export function takesValue({ uses }: OptionEntry): boolean {
  return uses.some(({ value }) => value !== undefined);
}
