// A followed log as a growing text: filter, links and actions for each line.
import {
  CodeLens,
  commands,
  EventEmitter,
  Hover,
  languages,
  MarkdownString,
  Range,
  TextEditorRevealType,
  window,
  type Disposable,
  type LogOutputChannel,
  type TextEditor,
  type Uri,
} from 'vscode';
import { runInBackground } from '../run-in-background.ts';
import { compose } from '../documents/answer.ts';
import { answerScheme, answerUri, type Answers } from '../documents/answers.ts';
import { openProposal } from '../documents/proposal.ts';
import type { LogChange, LogStore, StoredItem } from './log-store.ts';
import { logTable, type LogTable } from './log-table.ts';
import { everything, type Filter, type Row } from './log-row.ts';

const selector = { scheme: answerScheme };
/** A longer text cannot be written anew at each change. */
const most = 2000;
/** Lines may come by the hundred; the document changes this often at most. */
const restMs = 200;

export const viewCommands = {
  stop: 'istioEgress.stopFollowingLogs',
  filter: 'istioEgress.filterGatewayLogs',
  propose: 'istioEgress.proposePolicy',
  explain: 'istioEgress.explainLogLine',
  asText: 'istioEgress.showGatewayLogAsText',
} as const;

export class LogView implements Disposable {
  readonly #answers: Answers;
  readonly #output: Pick<LogOutputChannel, 'error'>;
  readonly #registered: readonly Disposable[];
  readonly #lenses = new EventEmitter<void>();
  readonly #store: LogStore;
  #filter = everything;
  #table: LogTable = { lines: [], rows: new Map() };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: LogStore, answers: Answers, output: Pick<LogOutputChannel, 'error'>) {
    this.#store = store;
    this.#output = output;
    this.#answers = answers;
    this.#registered = [
      this.#lenses,
      store.onDidChange((change) => this.#take(change)),
      languages.registerCodeLensProvider(selector, {
        onDidChangeCodeLenses: this.#lenses.event,
        provideCodeLenses: ({ uri }) => (this.#isLog(uri) ? this.#lensesOf() : []),
      }),
      languages.registerHoverProvider(selector, {
        provideHover: ({ uri }, { line }) => (this.#isLog(uri) ? this.#hoverAt(line) : undefined),
      }),
    ];
  }

  get filter(): Filter {
    return this.#filter;
  }

  set filter(filter: Filter) {
    this.#filter = filter;
    this.#render();
  }

  async show(): Promise<void> {
    this.#render();
    await this.#answers.show(this.#store.subject.name, compose(this.#table.lines), { stays: true });
  }

  /** Opens what would let a denied line through, as a new file. */
  async propose(line: string): Promise<boolean> {
    const row = this.#store.items.find(
      (entry): entry is StoredItem & Row => !('note' in entry) && entry.explained.line === line,
    );
    if (row?.explained.proposal) await openProposal(row.explained.proposal);
    return row?.explained.proposal !== undefined && row.explained.proposal !== null;
  }

  /** The row at a line of the document. */
  rowAt(line: number): Row | undefined {
    return this.#table.rows.get(line);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const one of this.#registered) one.dispose();
  }

  #take({ kind }: LogChange): void {
    if (kind === 'begin') this.#filter = everything;
    if (kind === 'added') this.#timer ??= setTimeout(() => this.#render(), restMs);
    else {
      this.#render();
      runInBackground(this.#output, 'setting context keys', this.#tellContext());
    }
  }

  async #tellContext(): Promise<void> {
    await commands.executeCommand('setContext', 'istioEgress.followingLogs', this.#store.isFollowing);
    await commands.executeCommand('setContext', 'istioEgress.hasGatewayLog', true);
  }

  #render(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { items, subject, dropped } = this.#store;
    this.#table = logTable({
      title: subject.title,
      entries: items.slice(-most),
      filter: this.#filter,
      dropped: dropped + Math.max(0, items.length - most),
    });
    const atEnd = window.visibleTextEditors.filter(({ document }) => this.#isLog(document.uri)).filter(seesEnd);
    this.#answers.replace(subject.name, compose(this.#table.lines));
    this.#lenses.fire();
    // An editor that shows the last line keeps showing the last line; the document changes a moment later.
    if (atEnd.length > 0) setTimeout(() => atEnd.forEach(revealEnd), restMs / 2);
  }

  /** The document of what is followed now: that of another gateway stays as it was. */
  #isLog(uri: Uri): boolean {
    return uri.toString() === answerUri(this.#store.subject.name).toString();
  }

  #lensesOf(): CodeLens[] {
    const top = new Range(0, 0, 0, 0);
    const stop = this.#store.isFollowing
      ? [new CodeLens(top, { title: `$(debug-stop) Stop`, command: viewCommands.stop })]
      : [];
    const filter = new CodeLens(top, { title: `$(filter) Filter`, command: viewCommands.filter });
    const rows = [...this.#table.rows]
      .filter(([, row]) => row.explained.proposal)
      .map(
        ([line, row]) =>
          new CodeLens(new Range(line, 0, line, 0), {
            title: 'Propose AuthorizationPolicy',
            command: viewCommands.propose,
            arguments: [row.explained.line],
          }),
      );
    return [...stop, filter, ...rows];
  }

  #hoverAt(line: number): Hover | undefined {
    const row = this.rowAt(line);
    if (!row) return undefined;
    const { explained, pod } = row;
    const text = new MarkdownString();
    text.isTrusted = { enabledCommands: Object.values(viewCommands) };
    text.appendText(explained.summary).appendMarkdown('\n\n');
    for (const { name, value, meaning } of explained.fields.filter(
      (field) => field.name === 'response_flags' || field.name === 'response_code_details',
    ))
      text.appendCodeblock(`${name} ${value}`).appendText(meaning).appendMarkdown('\n\n');
    for (const note of explained.notes) text.appendText(note).appendMarkdown('\n\n');
    text
      .appendText(`Pod ${pod}`)
      .appendMarkdown(
        `\n\n[All fields](command:${viewCommands.explain}?${encodeURIComponent(JSON.stringify([explained.line]))})`,
      );
    return new Hover(text);
  }
}

function seesEnd({ document, visibleRanges }: TextEditor): boolean {
  return visibleRanges.some(({ end }) => end.line >= document.lineCount - 2);
}

function revealEnd(editor: TextEditor): void {
  const last = editor.document.lineCount - 1;
  editor.revealRange(new Range(last, 0, last, 0), TextEditorRevealType.Default);
}
