// The names of the commands and options, and which go together.
import { supportedVersions } from '../model/istio-releases.ts';

export const commands = [
  'check',
  'fix',
  'migrate',
  'trace',
  'access',
  'graph',
  'test',
  'log',
  'drift',
  'diff',
  'explain',
  'lsp',
  'help',
  'version',
] as const;
export type Command = (typeof commands)[number];

/** Flags of the whole tool: those with a value list what it may be, or `any`. */
export const valued = {
  '--format': 'any',
  '--fail-on': 'any',
  '--istio-version': supportedVersions,
  '--config': 'any',
  '--mesh-config': 'any',
  '--complete': 'any',
  '--rule': 'any',
  '--severity': 'any',
  '--from': 'any',
  '--method': 'any',
  '--header': 'any',
  '--label': 'any',
  '--sni': 'any',
  '--manifests': 'any',
  '--context': 'any',
  '--namespace': 'any',
  '--baseline': 'any',
  '--write-baseline': 'any',
} as const;
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
  '--rule': ['check', 'fix'],
  '--severity': ['check', 'fix'],
  '--verbose': ['log'],
  '--wide': ['access'],
  '--unsafe': ['fix'],
  '--yes': ['fix', 'migrate'],
  '--remove': ['migrate'],
  '--render': ['check', 'trace', 'access', 'graph', 'test'],
};
/** Options that may be repeated; their values are stored one per line. */
export const repeated: readonly string[] = ['--header', '--label', '--namespace', '--severity'];
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
  '--version',
] as const;
