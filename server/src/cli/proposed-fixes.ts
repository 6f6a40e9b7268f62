// The fixes of a finding as changes of text with places, for formats that carry them.
import { LineIndex, type Position } from '../base/line-index.ts';
import { fileChanges, type FileChange } from '../engine/apply-fix.ts';
import type { Finding } from '../engine/finding.ts';
import { fixesFor } from '../engine/fixes.ts';
import type { Rules } from '../engine/workspace-options.ts';
import { contextOfUri } from '../sources/cluster-files.ts';
import { displayPath } from './display-path.ts';
import { fixHostWithTrees } from './fix-host.ts';
import type { CliHost } from './host.ts';
import type { Loaded } from './load.ts';

export interface ProposedFix {
  readonly title: string;
  readonly changes: readonly {
    readonly file: string;
    readonly edits: readonly {
      readonly range: { readonly start: Position; readonly end: Position };
      readonly newText: string;
    }[];
  }[];
}

/** Without those that make a file, and those for what a cluster holds or a tool rendered. Reads the lines of each file once. */
export function fixProposer(loaded: Loaded, rules: Rules, host: CliHost): (finding: Finding) => readonly ProposedFix[] {
  const { workspace, textOf } = loaded;
  const fixHost = fixHostWithTrees(loaded, host);
  const lines = new Map<string, LineIndex>();
  const linesOf = (uri: string) => {
    const index = lines.get(uri) ?? new LineIndex(textOf(uri) ?? '');
    lines.set(uri, index);
    return index;
  };
  const placed = ({ uri, edits }: FileChange) => ({
    file: displayPath(uri, host),
    edits: edits.map(({ span, newText }) => ({
      range: { start: linesOf(uri).positionAt(span.start), end: linesOf(uri).positionAt(span.end) },
      newText,
    })),
  });
  return (finding) => {
    if (contextOfUri(finding.uri) !== undefined || finding.rendered !== undefined) return [];
    return fixesFor(finding, workspace, rules, textOf).flatMap((fix) => {
      const changes = fileChanges(fix, fixHost) ?? [];
      if (changes.length === 0 || changes.some(({ created }) => created)) return [];
      return [{ title: fix.title, changes: changes.map(placed) }];
    });
  };
}
