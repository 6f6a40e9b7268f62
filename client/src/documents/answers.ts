// Results as read-only documents, one for each kind; the next result of a kind replaces it.
import {
  commands,
  DocumentLink,
  EventEmitter,
  languages,
  Range,
  TabInputText,
  Uri,
  ViewColumn,
  window,
  workspace,
  type Disposable,
} from 'vscode';
import type { Answer } from './answer.ts';

export const answerScheme = 'istio-egress-answer';

export class Answers implements Disposable {
  readonly #answers = new Map<string, Answer>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #registered: readonly Disposable[];

  constructor() {
    this.#registered = [
      this.#changed,
      workspace.registerTextDocumentContentProvider(answerScheme, {
        onDidChange: this.#changed.event,
        provideTextDocumentContent: ({ path }) => this.#answers.get(path)?.text ?? '',
      }),
      languages.registerDocumentLinkProvider(
        { scheme: answerScheme },
        {
          provideDocumentLinks: (document) =>
            (this.#answers.get(document.uri.path)?.links ?? []).map(
              ({ start, end, target }) =>
                new DocumentLink(new Range(document.positionAt(start), document.positionAt(end)), target),
            ),
        },
      ),
    ];
  }

  /** `name` with its extension is the tab's title and decides the language. A document with `stays` is not replaced by the next answer of another kind. */
  async show(name: string, answer: Answer, { stays = false } = {}): Promise<Uri> {
    const uri = this.#keep(name, answer);
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { viewColumn: columnForAnswers(), preview: !stays, preserveFocus: false });
    return uri;
  }

  /** Another text for a document, where it is open or not. */
  replace(name: string, answer: Answer): void {
    this.#keep(name, answer);
  }

  /** Rendered Markdown, or its text if the editor has no preview. */
  async preview(name: string, markdown: string): Promise<Uri> {
    const uri = this.#keep(name, { text: markdown, links: [] });
    // The preview reads the document; opened first, it is there at once.
    await workspace.openTextDocument(uri);
    const known = await commands.getCommands(true);
    if (known.includes('markdown.showPreviewToSide')) await commands.executeCommand('markdown.showPreviewToSide', uri);
    else await window.showTextDocument(uri, { viewColumn: ViewColumn.Beside });
    return uri;
  }

  dispose(): void {
    for (const one of this.#registered) one.dispose();
  }

  #keep(name: string, answer: Answer): Uri {
    const uri = Uri.from({ scheme: answerScheme, path: `/${name}` });
    this.#answers.set(uri.path, answer);
    this.#changed.fire(uri);
    return uri;
  }
}

/** Where answers are read already, else beside what is worked on; never a column more for each. */
function columnForAnswers(): ViewColumn {
  const group = window.tabGroups.all.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof TabInputText && input.uri.scheme === answerScheme),
  );
  return group?.viewColumn ?? (window.activeTextEditor ? ViewColumn.Beside : ViewColumn.Active);
}
