// The log of the server, which an editor shows: names and hosts in it are texts.
import type { RemoteConsole } from 'vscode-languageserver';
import { visibleText } from '../base/visible.ts';

export type Log = Readonly<Record<'error' | 'warn' | 'info', (text: string) => void>>;

export function visibleLog(console: Pick<RemoteConsole, keyof Log>): Log {
  return {
    error: (text) => console.error(visibleText(text)),
    warn: (text) => console.warn(visibleText(text)),
    info: (text) => console.info(visibleText(text)),
  };
}
