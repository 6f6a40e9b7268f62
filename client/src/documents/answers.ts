// Results as read-only documents; the next result with the same title replaces it.
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
/** Answers of closed documents that can be opened again, from the list of recent files. */
const mostClosed = 50;

export class Answers implements Disposable {
  readonly #answers = new Map<string, Answer>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #registered: readonly Disposable[];

  constructor() {
    this.#registered = [
      this.#changed,
      // A change is not heard while the document is being opened.
      workspace.onDidOpenTextDocument((document) => {
        const { scheme, path } = document.uri;
        const text = scheme === answerScheme ? this.#answers.get(path)?.text : undefined;
        if (text !== undefined && text !== document.getText().replaceAll('\r\n', '\n'))
          this.#changed.fire(document.uri);
      }),
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

  /** `name` is the tab's title. A document with `stays` is not replaced by the next answer of another kind. */
  async show(name: string, answer: Answer, { stays = false } = {}): Promise<Uri> {
    const uri = this.#keep(name, answer);
    const opened = await workspace.openTextDocument(uri);
    // A name that ends as a file's does would decide the language.
    const document =
      opened.languageId === 'plaintext' ? opened : await languages.setTextDocumentLanguage(opened, 'plaintext');
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
    try {
      // Not looked for first: the command is known only once VS Code's Markdown extension runs, which this starts.
      await commands.executeCommand('markdown.showPreviewToSide', uri);
    } catch {
      await window.showTextDocument(uri, { viewColumn: ViewColumn.Beside });
    }
    return uri;
  }

  dispose(): void {
    for (const one of this.#registered) one.dispose();
  }

  #forgetOldest(): void {
    const open = new Set(workspace.textDocuments.map(({ uri }) => uri.path));
    const closed = [...this.#answers.keys()].filter((path) => !open.has(path));
    for (const path of closed.slice(0, -mostClosed)) this.#answers.delete(path);
  }

  #keep(name: string, answer: Answer): Uri {
    const uri = answerUri(name);
    // Last in the map: the oldest are forgotten first.
    this.#answers.delete(uri.path);
    this.#answers.set(uri.path, answer);
    this.#forgetOldest();
    this.#changed.fire(uri);
    return uri;
  }
}

/** The tab's title is what is behind the last slash of the path, so slashes of a name become a sign that looks the same. */
export function answerUri(name: string): Uri {
  return Uri.from({ scheme: answerScheme, path: `/${name.replaceAll('/', '\u2215')}` });
}

/** Where answers are read already, else beside what is worked on; never a column more for each. */
function columnForAnswers(): ViewColumn {
  const group = window.tabGroups.all.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof TabInputText && input.uri.scheme === answerScheme),
  );
  return group?.viewColumn ?? (window.activeTextEditor ? ViewColumn.Beside : ViewColumn.Active);
}
