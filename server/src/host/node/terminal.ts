// What the terminal can show, as it and the user's environment tell.
import { fstatSync, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { tty } from './when-used.ts';

/** Of standard input, output or error. Node asks by streams, and files and pipes need none. */
export function isTerminal(descriptor: 0 | 1 | 2): boolean {
  return isDevice(descriptor) && tty().isatty(descriptor);
}

/** Other than the one that swallows everything. True as well where the system does not say. */
export function isDevice(descriptor: 0 | 1 | 2): boolean {
  try {
    const what = fstatSync(descriptor);
    return what.isCharacterDevice() && what.rdev !== statSync(devNull).rdev;
  } catch {
    return true;
  }
}

/** Undefined where it is no terminal, and for one that does not tell its size. */
export function columnsOf({
  isTTY,
  columns,
}: Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>>): number | undefined {
  return isTTY && columns !== undefined && columns > 0 ? columns : undefined;
}

/** https://no-color.org and https://force-color.org: either is any text that is not empty, and the first wins. */
export function hasColor(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env['NO_COLOR']) return false;
  const forced = env['FORCE_COLOR'];
  if (forced) return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

/** As other programs decide it: https://docs.rs/supports-hyperlinks. `FORCE_HYPERLINK` decides alone. */
export function hasLinks(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const forced = env['FORCE_HYPERLINK'];
  if (forced) return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb' && !env['CI'] && knowsLinks(env);
}

const programs: readonly (string | undefined)[] = [
  'Hyper',
  'iTerm.app',
  'terminology',
  'WezTerm',
  'vscode',
  'ghostty',
  'zed',
];
const terminals: readonly (string | undefined)[] = [
  'xterm-kitty',
  'xterm-ghostty',
  'alacritty',
  'alacritty-direct',
  'foot',
];

function knowsLinks(env: NodeJS.ProcessEnv): boolean {
  return (
    programs.includes(env['TERM_PROGRAM']) ||
    terminals.includes(env['TERM']) ||
    // GNOME's and its kin, since 0.50.
    Number(env['VTE_VERSION'] ?? 0) >= 5000 ||
    ['WT_SESSION', 'KONSOLE_VERSION', 'DOMTERM'].some((name) => env[name])
  );
}
