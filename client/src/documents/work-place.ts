// The file and cursor that the user works on, also while a result document has the focus.
import { window } from 'vscode';
import { answerScheme } from './answers.ts';

export interface WorkPlace {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

export function workPlace(): WorkPlace | undefined {
  const { activeTextEditor: active, visibleTextEditors } = window;
  const editor =
    active?.document.uri.scheme === answerScheme
      ? visibleTextEditors.find(({ document }) => document.uri.scheme !== answerScheme)
      : active;
  return (
    editor && {
      uri: editor.document.uri.toString(),
      line: editor.selection.active.line,
      character: editor.selection.active.character,
    }
  );
}
