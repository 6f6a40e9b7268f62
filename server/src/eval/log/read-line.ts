// One line of a log as `kubectl logs`, log collectors and people who paste it write it.
import { readEnvoyText } from './envoy-text.ts';
import type { LogEntry } from './entry.ts';
import { readFields, readJsonLine } from './json-line.ts';
import { keyValues } from './key-values.ts';
import { noSource } from './entry.ts';
import { readReplyBody } from './reply-body.ts';
import { readZtunnel } from './ztunnel.ts';

/** Undefined for a line that is neither of an access log nor a proxy's own answer. Never throws. */
export function readLogLine(written: string): LogEntry | undefined {
  const line = withoutMarkup(written);
  const json = /\{|"\s*:/.test(line) ? readJsonLine(line, readLogLine) : undefined;
  return json ?? readEnvoyText(line) ?? readZtunnel(line) ?? readLogfmt(line) ?? readReplyBody(line);
}

/** Escape sequences of a terminal. */
const colour = new RegExp(`${String.fromCodePoint(27)}\\[[0-9;]*m`, 'g');

/** What terminals, Markdown and HTML add around or inside a line. */
function withoutMarkup(line: string): string {
  return line
    .replaceAll(colour, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/^[\s>*`|-]*(?=[^\s>*`|-])/, (head) => (/[>*`|]/.test(head) ? '' : head))
    .trimEnd()
    .replace(/(?:^|[^`|])[`|]{1,3}$/, (end) => end.replaceAll(/[`|]/g, ''));
}

function readLogfmt(line: string): LogEntry | undefined {
  if (!line.includes('=')) return undefined;
  const entry = readFields(keyValues(line));
  return entry && { ...entry, source: noSource };
}
