// The only way to VS Code's notifications: names in them are texts, never links to commands.
import { window, type MessageOptions } from 'vscode';
import { visibleMessage } from '../../../server/src/base/visible.ts';

export type Level = 'info' | 'warn' | 'error';

const shows = { info: window.showInformationMessage, warn: window.showWarningMessage, error: window.showErrorMessage };

/** The button that was chosen. */
export function showPlain(level: Level, message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return shows[level](visibleMessage(message), ...buttons);
}

/** Waits in front of everything else. */
export function askPlain(
  message: string,
  { detail }: Required<Pick<MessageOptions, 'detail'>>,
  ...buttons: readonly string[]
): Thenable<string | undefined> {
  return window.showWarningMessage(
    visibleMessage(message),
    { modal: true, detail: visibleMessage(detail) },
    ...buttons,
  );
}
