// Half-typed states of manifests, and what a workspace shows in each of them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '../../server/src/engine/workspace.ts';
import { root } from './lsp-client.ts';
import { newWorkspace, shown } from './workspace.ts';

/** What the user has typed so far in a line of its own; columns count from the indentation of the line above. */
const typedLines = {
  word: 'key',
  'deeper word': '  key',
  key: 'key:',
  'deeper key': '  key:',
  'key and value': 'key: value',
  dash: '- ',
  'deeper dash': '  - ',
  'dash and key': '- key:',
  'double quote': '"',
  'single quote': "'",
  'open string': 'key: "val',
  brace: '{',
  bracket: '[',
  'open brace': '- key: {',
  'open bracket': 'key: [a, ',
  tab: '\t',
  'tab and key': '\tkey:',
  colon: ':',
  'two words': 'key value',
  'two colons': 'key: value: more',
  anchor: '&',
  alias: 'key: *',
  at: '@',
  percent: '%',
  pipe: 'key: |',
  question: '? ',
  exclamation: '!',
} as const;

export type HalfTyped = keyof typeof typedLines;

export const halfTyped = Object.keys(typedLines) as HalfTyped[];

export type Way = 'inserted' | 'inserted as below' | 'replaced';

/** The text with `typed` in a line before line `at` (or in its place). */
export function withHalfTyped(text: string, at: number, typed: HalfTyped, way: Way): string {
  const lines = text.split('\n');
  const above = way === 'inserted' ? (lines[at - 1] ?? '') : lines[at]!;
  const line = above.match(/^ */)![0] + typedLines[typed];
  return lines.toSpliced(at, way === 'replaced' ? 1 : 0, line).join('\n');
}

export function storyFiles(): ReadonlyMap<string, string> {
  const folder = join(root, 'examples');
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml') && !name.endsWith('.egress-test.yaml'));
  return new Map(names.map((name) => [`file:///story/${name}`, readFileSync(join(folder, name), 'utf8')]));
}

export function workspaceOf(files: ReadonlyMap<string, string>): Workspace {
  const workspace = newWorkspace();
  for (const [uri, text] of files) workspace.setFile(uri, text);
  workspace.refresh();
  return workspace;
}

export interface Effect {
  readonly errors: readonly string[];
  /** Resources that were there before. */
  readonly lost: readonly string[];
  /** Files whose findings are others, beside the file that is typed in. */
  readonly disturbed: readonly string[];
}

/** What changes where one file of a workspace gets another text. */
export class Typing {
  readonly files: ReadonlyMap<string, string>;
  readonly workspace: Workspace;
  readonly #before: ReadonlyMap<string, string>;

  constructor(files: ReadonlyMap<string, string>) {
    this.files = files;
    this.workspace = workspaceOf(files);
    this.#before = new Map([...files.keys()].map((uri) => [uri, this.#findings(uri)]));
  }

  effect(uri: string, text: string): Effect {
    const before = resourcesIn(this.workspace, uri);
    this.workspace.setFile(uri, text, {}, this.files.get(uri));
    this.workspace.refresh();
    const after = resourcesIn(this.workspace, uri);
    const errors = this.workspace
      .findings(uri)
      .filter(({ severity }) => severity === 'error')
      .map(({ rule, message }) => `${rule}: ${message}`);
    const disturbed = [...this.#before].filter(([other, found]) => other !== uri && this.#findings(other) !== found);
    this.workspace.setFile(uri, this.files.get(uri)!);
    this.workspace.refresh();
    return {
      errors,
      lost: before.filter((one) => !after.includes(one)),
      disturbed: disturbed.map(([other]) => other),
    };
  }

  /** Without related places: those in the file that is typed in move. */
  #findings(uri: string): string {
    return JSON.stringify(this.workspace.findings(uri).map((one) => shown({ ...one, related: [] })));
  }
}

export function resourcesIn(workspace: Workspace, uri: string): string[] {
  return workspace
    .documents(uri)
    .flatMap(({ record }) => record.resources)
    .map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
}
