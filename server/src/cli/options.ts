// The names of the commands and options, and which go together.

export const commands = [
  'check',
  'fix',
  'migrate',
  'trace',
  'access',
  'graph',
  'test',
  'log',
  'learn',
  'drift',
  'diff',
  'new',
  'explain',
  'lsp',
  'mcp',
  'help',
  'version',
] as const;
export type Command = (typeof commands)[number];

/** Options with a value. */
export const valued: readonly string[] = [
  '--format',
  '--fail-on',
  '--istio-version',
  '--config',
  '--mesh-config',
  '--complete',
  '--rule',
  '--severity',
  '--from',
  '--method',
  '--header',
  '--label',
  '--sni',
  '--host',
  '--path',
  '--tls',
  '--port',
  '--secret',
  '--gateway',
  '--since',
  '--access-log',
  '--manifests',
  '--context',
  '--namespace',
  '--baseline',
  '--write-baseline',
  '--files-from',
];
/** From which severity on a run of `check` fails. */
export const severities = ['error', 'warning', 'information'] as const;
/** For what a run of `diff` fails. */
export const reasonsToFail = ['opened', 'bypass', 'new-findings'] as const;
export type ReasonToFail = (typeof reasonsToFail)[number];
/** Options that would do nothing with other commands than these. */
export const only: Readonly<Record<string, readonly Command[]>> = {
  '--baseline': ['check'],
  '--write-baseline': ['check'],
  '--require-resources': ['check'],
  '--files-from': ['check', 'fix'],
  '--rule': ['check', 'fix'],
  '--severity': ['check', 'fix'],
  '--verbose': ['log'],
  '--wide': ['access'],
  '--host': ['access', 'new'],
  '--path': ['new'],
  '--tls': ['new'],
  '--port': ['new'],
  '--secret': ['new'],
  '--gateway': ['new', 'learn'],
  '--since': ['learn'],
  '--access-log': ['new'],
  '--unsafe': ['fix'],
  '--yes': ['fix', 'migrate', 'new'],
  '--remove': ['migrate'],
  '--render': ['check', 'trace', 'access', 'graph', 'test', 'diff'],
};
/** Options that may be repeated; their values are stored one per line. */
export const repeated: readonly string[] = ['--header', '--host', '--path', '--label', '--namespace', '--severity'];
export const bare = [
  '--render',
  '--cluster',
  '--dry-run',
  '--verbose',
  '--wide',
  '--unsafe',
  '--yes',
  '--remove',
  '--require-resources',
  '--stdio',
  '--no-color',
  '--help',
  '-h',
  '--version',
] as const;
