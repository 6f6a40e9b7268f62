// A log that is followed, as a document that grows: filtered, linked, with what can be done with each line.
import { CodeLens, EventEmitter, Hover, l10n, languages, MarkdownString, Range, TabInputText, TextEditorRevealType, window, workspace, type Disposable, type TextDocument, type TextEditor } from 'vscode';
import { compose } from '../documents/answer.ts';
import { answerScheme, type Answers } from '../documents/answers.ts';
import { logTable, type Entry, type LogTable } from './log-lines.ts';
import { everything, type Filter, type Row } from './row.ts';

export const logName = 'Gateway log.txt';
const selector = { scheme: answerScheme, pattern: `/${logName}` };
const most = 2000;
/** Lines may come by the hundred; the document changes this often at most. */
const restMs = 200;

export const viewCommands = { stop: 'istioEgress.stopFollowingLogs', filter: 'istioEgress.filterGatewayLogs', propose: 'istioEgress.proposePolicy', explain: 'istioEgress.explainLogLine' } as const;

export class LogView implements Disposable {
  readonly #answers: Answers;
  readonly #registered: readonly Disposable[];
  readonly #lenses = new EventEmitter<void>();
  #entries: Entry[] = [];
  #title = '';
  #dropped = 0;
  #filter = everything;
  #isFollowing = false;
  #table: LogTable = { lines: [], rows: new Map() };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(answers: Answers) {
    this.#answers = answers;
    this.#registered = [
      this.#lenses,
      languages.registerCodeLensProvider(selector, { onDidChangeCodeLenses: this.#lenses.event, provideCodeLenses: () => this.#lensesOf() }),
      languages.registerHoverProvider(selector, { provideHover: (_document, { line }) => this.#hoverAt(line) }),
    ];
  }

  get filter(): Filter {
    return this.#filter;
  }

  set filter(filter: Filter) {
    this.#filter = filter;
    this.#render();
  }

  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  async begin(title: string): Promise<void> {
    this.#filter = everything;
    this.#entries = [];
    this.#dropped = 0;
    this.#title = title;
    this.#isFollowing = true;
    this.#render();
    await this.#answers.show(logName, compose(this.#table.lines));
  }

  end(note: string): void {
    this.#isFollowing = false;
    this.add([{ note }]);
  }

  add(entries: readonly Entry[]): void {
    this.#entries.push(...entries);
    this.#dropped += Math.max(0, this.#entries.length - most);
    this.#entries = this.#entries.slice(-most);
    this.#timer ??= setTimeout(() => this.#render(), restMs);
  }

  /** The row at a line of the document. */
  rowAt(line: number): Row | undefined {
    return this.#table.rows.get(line);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const one of this.#registered) one.dispose();
  }

  #render(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#table = logTable({ title: this.#title, entries: this.#entries, filter: this.#filter, dropped: this.#dropped });
    const atEnd = window.visibleTextEditors.filter(({ document }) => isLog(document)).filter(seesEnd);
    this.#answers.replace(logName, compose(this.#table.lines));
    this.#lenses.fire();
    // Who reads the end goes on reading the end; the document changes a moment later.
    if (atEnd.length > 0) setTimeout(() => atEnd.forEach(revealEnd), restMs / 2);
  }

  #lensesOf(): CodeLens[] {
    const top = new Range(0, 0, 0, 0);
    const stop = this.#isFollowing ? [new CodeLens(top, { title: `$(debug-stop) ${l10n.t('Stop')}`, command: viewCommands.stop })] : [];
    const filter = new CodeLens(top, { title: `$(filter) ${l10n.t('Filter')}`, command: viewCommands.filter });
    const rows = [...this.#table.rows].filter(([, row]) => row.explained.proposal).map(([line, row]) => new CodeLens(new Range(line, 0, line, 0), {
      title: l10n.t('Propose AuthorizationPolicy'), command: viewCommands.propose, arguments: [row.explained.line],
    }));
    return [...stop, filter, ...rows];
  }

  #hoverAt(line: number): Hover | undefined {
    const row = this.rowAt(line);
    if (!row) return undefined;
    const { explained, pod } = row;
    const text = new MarkdownString();
    text.isTrusted = { enabledCommands: Object.values(viewCommands) };
    text.appendText(explained.summary).appendMarkdown('\n\n');
    for (const { name, value, meaning } of explained.fields.filter((field) => field.name === 'response_flags' || field.name === 'response_code_details')) text.appendCodeblock(`${name} ${value}`).appendText(meaning).appendMarkdown('\n\n');
    for (const note of explained.notes) text.appendText(note).appendMarkdown('\n\n');
    text.appendText(l10n.t('Pod {0}', pod)).appendMarkdown(`\n\n[${l10n.t('All fields')}](command:${viewCommands.explain}?${encodeURIComponent(JSON.stringify([explained.line]))})`);
    return new Hover(text);
  }
}

function isLog({ uri }: TextDocument): boolean {
  return uri.scheme === answerScheme && uri.path === `/${logName}`;
}

function seesEnd({ document, visibleRanges }: TextEditor): boolean {
  return visibleRanges.some(({ end }) => end.line >= document.lineCount - 2);
}

function revealEnd(editor: TextEditor): void {
  const last = editor.document.lineCount - 1;
  editor.revealRange(new Range(last, 0, last, 0), TextEditorRevealType.Default);
}

/** Runs when no tab shows the log any more. */
export function onLogClosed(then: () => void): Disposable {
  return window.tabGroups.onDidChangeTabs(({ closed }) => {
    if (closed.some(({ input }) => input instanceof TabInputText && input.uri.scheme === answerScheme && input.uri.path === `/${logName}`)) then();
  });
}

/** Opens a proposal as a new file, with what is to be filled in above it. */
export async function openProposal({ proposal }: Row['explained']): Promise<void> {
  if (!proposal) return;
  const head = [proposal.title, ...proposal.fill].map((line) => `# ${line}\n`).join('');
  await window.showTextDocument(await workspace.openTextDocument({ language: 'yaml', content: `${head}${proposal.yaml}` }));
}
