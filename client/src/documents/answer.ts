// Text with links to positions in files.
import { Uri, workspace } from 'vscode';
import { visibleLine } from '../../../server/src/base/visible.ts';
import type { Evidence } from '../../../server/src/lsp/protocol/shared.ts';

interface AnswerLink {
  readonly start: number;
  readonly end: number;
  readonly target: Uri;
}

export interface Answer {
  readonly text: string;
  readonly links: readonly AnswerLink[];
}

export type Part = string | { readonly text: string; readonly target: Uri };

export type Lines = readonly (readonly Part[])[];

/** Lines below a title, set in; nothing without lines. */
export function block(title: string, lines: Lines): Lines {
  return lines.length === 0 ? [] : [[], [title], ...lines.map((line) => ['  ', ...line])];
}

/** A sentence over as many lines as it needs: answers are read beside something else. */
export function wrapped(text: string, width = 64): readonly (readonly string[])[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => [one]);
}

export function compose(lines: Lines): Answer {
  let text = '';
  const links: AnswerLink[] = [];
  for (const line of lines) {
    for (const part of line) {
      const start = text.length;
      text += visibleLine(typeof part === 'string' ? part : part.text);
      if (typeof part !== 'string') links.push({ start, end: text.length, target: part.target });
    }
    text += '\n';
  }
  return { text, links };
}

/** `file.yaml:7`, leading there. */
export function placeOf(evidence: Evidence): Part {
  const uri = Uri.parse(evidence.uri);
  return { text: `${workspace.asRelativePath(uri)}:${evidence.range.start.line + 1}`, target: targetOf(evidence) };
}

/** The editor takes the line and column from the fragment. */
export function targetOf({ uri, range: { start } }: Evidence): Uri {
  return Uri.parse(uri).with({ fragment: `L${start.line + 1},${start.character + 1}` });
}
