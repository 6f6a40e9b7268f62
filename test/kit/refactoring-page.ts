// Reads a page of refactorings: a case's YAML fences are files, `‸` in one of them is the cursor, and each `Becomes: TITLE`
// section has the files as the refactoring leaves them and what it changes for requests.
import type { FixHost } from '../../server/src/engine/apply-fix.ts';
import { applyEdits } from '../../server/src/base/text-edit.ts';
import { differenceText } from '../../server/src/features/refactorings/proof.ts';
import { refactor, refactoringsAt, type Refactored } from '../../server/src/features/refactorings/refactorings.ts';
import type { Workspace } from '../../server/src/engine/workspace.ts';
import { printFiles, readPage, withLineEnd, type Section } from './page.ts';
import { filesOf, settingsOf } from './run-page.ts';
import { newWorkspace } from './workspace.ts';

export interface RefactoringCase {
  readonly section: Section;
  /** The titles in its `offers` fence, where it has one. */
  readonly offers: readonly string[] | undefined;
  readonly becomes: readonly Becomes[];
}

interface Becomes {
  readonly title: string;
  /** The part of the page below the heading. */
  readonly body: string;
  /** The index of the part in the page. */
  readonly part: number;
}

const becomes = '## Becomes: ';

export function readRefactoringPage(text: string): readonly RefactoringCase[] {
  const cases: { section: Section; offers: readonly string[] | undefined; becomes: Becomes[] }[] = [];
  for (const [i, part] of partsOf(text).entries()) {
    if (i === 0) continue;
    const [heading = ''] = part.split('\n', 1);
    if (part.startsWith(becomes))
      cases
        .at(-1)!
        .becomes.push({ title: heading.slice(becomes.length), body: part.slice(heading.length + 1), part: i });
    else
      cases.push({
        section: readPage(`# page\n\n${part}`).sections[0]!,
        offers: /^```offers\n([\s\S]*?)^```/m
          .exec(part)?.[1]
          ?.split('\n')
          .filter((line) => line !== ''),
        becomes: [],
      });
  }
  return cases;
}

/** The head, and each `##` section. */
export function partsOf(text: string): string[] {
  return text.split(/^(?=## )/m);
}

const cursor = '‸';

/** The case's workspace, and where its cursor is. */
export class CaseFiles {
  readonly workspace: Workspace;
  readonly texts: Map<string, string>;
  readonly #uri: string;
  readonly #offset: number;

  constructor(section: Section) {
    const files = filesOf(section);
    const at = files.find(({ text }) => text.includes(cursor));
    if (!at) throw new Error(`"${section.heading}" has no cursor`);
    this.#uri = at.uri;
    this.#offset = at.text.indexOf(cursor);
    this.texts = new Map(files.map(({ uri, text }) => [uri, text.replace(cursor, '')]));
    this.workspace = newWorkspace(settingsOf(section));
    for (const [uri, text] of this.texts) this.workspace.setFile(uri, text);
    this.workspace.refresh();
  }

  get host(): FixHost {
    return {
      textOf: (uri) => this.texts.get(uri),
      exists: (uri) => this.texts.has(uri),
      documentAt: (document) => this.workspace.documentAt(document),
    };
  }

  offered(): readonly string[] {
    return refactoringsAt(this.workspace, this.host, this.#uri, this.#span).map(({ title }) => title);
  }

  refactor(title: string): Refactored | undefined {
    return refactor(this.workspace, this.host, this.#uri, this.#span, title);
  }

  get #span(): { readonly start: number; readonly end: number } {
    return { start: this.#offset, end: this.#offset };
  }
}

/** What stands below a `Becomes` heading. */
export function bodyOf(files: CaseFiles, { changes, proof, lost }: Refactored): string {
  const written = changes.map(({ uri, created, edits }) => ({
    name: uri.replace(/^file:\/\/\/page\//, ''),
    text: withLineEnd(applyEdits(created ? '' : files.texts.get(uri)!, edits)),
  }));
  const counted = `${proof.differences.length} of ${proof.compared} requests change${proof.isShort ? ' (there are more)' : ''}`;
  const lines = [counted, ...proof.differences.map(differenceText), ...lost.map((one) => `lost: ${one}`)];
  return `${printFiles(written)}\n\`\`\`proof\n${lines.join('\n')}\n\`\`\`\n`;
}
