// The confirmation before every write: names context and namespace; in protected contexts the user types the context's name.
import { window, workspace } from 'vscode';
import { visibleLine } from '../../../server/src/base/visible.ts';
import { isProtected } from './protected-contexts.ts';
import { askPlain } from './show-plain.ts';

export interface Write {
  readonly question: string;
  readonly context: string;
  readonly namespace: string;
  /** Below context and namespace; a line each. */
  readonly detail: readonly string[];
  /** The button that does it. */
  readonly button: string;
}

export async function confirmWrite({ question, context, namespace, detail, button }: Write): Promise<boolean> {
  const lines = [`Context: ${context}`, `Namespace: ${namespace}`, ...detail];
  const chosen = await askPlain(question, { detail: lines.map(visibleLine).join('\n') }, button);
  return chosen === button && (!isProtected(context, protectedContexts()) || typedContext(context));
}

function protectedContexts(): readonly string[] {
  return workspace.getConfiguration().get<readonly string[]>('istioEgress.protectedContexts', []);
}

async function typedContext(context: string): Promise<boolean> {
  const typed = await window.showInputBox({
    title: `Context ${context} is protected`,
    prompt: 'Type the name of the context to confirm the change.',
    ignoreFocusOut: true,
    validateInput: (text) => (text === context ? undefined : 'This is not the name of the context.'),
  });
  return typed === context;
}
