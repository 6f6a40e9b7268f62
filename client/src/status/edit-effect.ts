// A status bar entry while edits of the file open or close something.
import { StatusBarAlignment, window, type Disposable } from 'vscode';
import { visibleLine } from '../../../server/src/base/visible.ts';
import { compareAccess } from '../commands/compare-access.ts';
import type { EgressContext } from '../extension-context.ts';
import { runInBackground } from '../run-in-background.ts';

/** The server says that answers changed after each edit; only the last of several in a row is asked about. */
const waitMs = 300;
const mostCharacters = 80;

export function registerEditEffect({ server, output }: Pick<EgressContext, 'server' | 'output'>): Disposable {
  const item = window.createStatusBarItem('istioEgress.editEffect', StatusBarAlignment.Left, 0);
  item.name = 'Istio Egress: Effect of Edits';
  item.command = { command: compareAccess.id, title: '', arguments: [{ base: 'opened' }] };
  const showNow = async () => {
    const document = window.activeTextEditor?.document;
    const uri = document?.languageId === 'yaml' ? document.uri.toString() : undefined;
    const effects = uri === undefined ? [] : ((await server.request('istioEgress/editEffect', { uri }))?.effects ?? []);
    if (effects.length === 0 || window.activeTextEditor?.document !== document) return item.hide();
    item.text = `$(git-compare) This edit ${shortened(effects[0]!, effects.length - 1)}`;
    item.tooltip = [...effects, 'Click to compare access with the files as they were opened.']
      .map(visibleLine)
      .join('\n');
    item.show();
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = () => {
    clearTimeout(timer);
    timer = setTimeout(() => runInBackground(output, 'asking what an edit opens', showNow()), waitMs);
  };
  const parts = [item, server.onDidChange(show), window.onDidChangeActiveTextEditor(show)];
  return {
    dispose: () => {
      clearTimeout(timer);
      parts.forEach((part) => part.dispose());
    },
  };
}

/** `$(name)` would be an icon. */
function shortened(effect: string, more: number): string {
  const text = visibleLine(effect).replaceAll('$(', '$ (');
  const cut = text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
  return more > 0 ? `${cut}, and ${more} more` : cut;
}
