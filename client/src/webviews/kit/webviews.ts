// The panels of the extension: opens each view once, shows it again, and restores it after a reload of the window.
import {
  commands,
  Uri,
  ViewColumn,
  window,
  type Disposable,
  type ExtensionContext,
  type WebviewOptions,
  type WebviewPanel,
  type WebviewView,
} from 'vscode';
import { readIfValid } from '../../../../server/src/lsp/protocol/read.ts';
import type { EgressContext } from '../../extension-context.ts';
import { runInBackground } from '../../run-in-background.ts';
import { Notices } from './notices.ts';
import { readKept, readyMessage, typeOf } from './protocol.ts';
import { shellHtml } from './shell.ts';
import type { Webview } from './webview.ts';

/** What a page is shown in: an editor, or a view of the panel. */
type Surface = WebviewPanel | WebviewView;

interface OpenPanel {
  readonly panel: Surface;
  readonly reopen: (given: unknown) => unknown;
}

export class Webviews implements Disposable {
  readonly #pages: Uri;
  readonly #open = new Map<string, OpenPanel>();

  readonly #views: ReadonlyMap<string, Webview>;

  constructor({ extensionUri }: Pick<ExtensionContext, 'extensionUri'>, views: readonly Webview[]) {
    this.#views = new Map(views.map((view) => [view.name, view]));
    this.#pages = Uri.joinPath(extensionUri, 'dist', 'pages');
  }

  show(egress: EgressContext, name: string, given: unknown = null): void {
    const view = this.#views.get(name);
    if (!view) throw new Error(`no webview is called ${name}`);
    const known = this.#open.get(name);
    if (known) {
      if ('reveal' in known.panel) known.panel.reveal();
      else known.panel.show();
      const work = Promise.resolve(known.reopen(given));
      return runInBackground(egress.output, `showing ${view.name}`, work);
    }
    if (view.isInPanel) {
      const work = Promise.resolve(commands.executeCommand(`${typeOfPanel(view)}.focus`));
      return runInBackground(egress.output, `showing ${view.name}`, work);
    }
    const column = view.isBeside && window.activeTextEditor ? ViewColumn.Beside : ViewColumn.Active;
    const panel = window.createWebviewPanel(typeOfPanel(view), view.title, column, this.#options());
    this.#connect(egress, view, panel, given);
  }

  /** Lets VS Code restore these views. */
  restore(egress: EgressContext): readonly Disposable[] {
    return [...this.#views.values()].map((view) =>
      view.isInPanel ? this.#provide(egress, view) : this.#restorePanel(egress, view),
    );
  }

  #provide(egress: EgressContext, view: Webview): Disposable {
    return window.registerWebviewViewProvider(typeOfPanel(view), {
      resolveWebviewView: (surface) => {
        surface.webview.options = this.#options();
        this.#connect(egress, view, surface, null);
      },
    });
  }

  #restorePanel(egress: EgressContext, view: Webview): Disposable {
    return window.registerWebviewPanelSerializer(typeOfPanel(view), {
      deserializeWebviewPanel: async (panel, kept: unknown) => {
        panel.webview.options = this.#options();
        this.#connect(egress, view, panel, readIfValid(readKept, kept)?.given ?? null);
      },
    });
  }

  dispose(): void {
    for (const { panel } of this.#open.values()) if ('dispose' in panel) panel.dispose();
  }

  #options(): WebviewOptions {
    return { enableScripts: true, enableForms: false, localResourceRoots: [this.#pages] };
  }

  #connect(egress: EgressContext, view: Webview, panel: Surface, given: unknown): void {
    const { output } = egress;
    const send = (message: unknown) =>
      panel.visible && runInBackground(output, `a message to ${view.name}`, panel.webview.postMessage(message));
    const notices = new Notices(egress, send);
    const session = view.connect(
      {
        send,
        refresh: (what, work) => notices.follow(what, work),
        setTitle: (title) => (panel.title = title),
        isVisible: () => panel.visible,
      },
      egress,
      given,
    );
    const listening = panel.webview.onDidReceiveMessage((message: unknown) => {
      if (typeOf(message) === readyMessage) notices.tell();
      notices.follow(
        `a message from ${view.name}`,
        Promise.resolve().then(() => notices.take(message) || session.receive(message)),
      );
    });
    this.#open.set(view.name, { panel, reopen: session.reopen });
    panel.onDidDispose(() => {
      if (this.#open.get(view.name)?.panel === panel) this.#open.delete(view.name);
      listening.dispose();
      notices.dispose();
      session.dispose();
    });
    panel.webview.html = this.#html(view, panel, given);
  }

  #html({ name, title }: Webview, { webview }: Surface, given: unknown): string {
    const at = (file: string) => webview.asWebviewUri(Uri.joinPath(this.#pages, file)).toString();
    return shellHtml({
      name,
      title,
      script: at(`${name}.js`),
      style: at(`${name}.css`),
      nonce: Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(
        '',
      ),
      start: { given },
    });
  }
}

function typeOfPanel({ name }: Webview): string {
  return `istioEgress.${name}`;
}
