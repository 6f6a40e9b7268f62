// ztunnel's access lines: a message, then `key=value` with Rust's quotes. zt:src/proxy/metrics.rs record_internal; src/telemetry.rs IstioFormat.
import type { LogEntry, LogField } from './entry.ts';

const message = /\b(error|warn|info|debug)\s+access(?:\S*)\s+(connection (?:complete|failed|opened))\s+/;
const time = /\d{4}-\d\d-\d\dT[0-9:.]+Z/;
const pair = /([a-z_]+(?:\.[a-z_]+)*)=("(?:[^"\\]|\\.)*"|\S+)/g;

export function readZtunnel(line: string): LogEntry | undefined {
  const found = message.exec(line);
  if (!found) return undefined;
  // The nearest before the level: a prefix may carry one of its own.
  const at = [...line.slice(0, found.index).matchAll(new RegExp(time, 'g'))].at(-1);
  const fields: LogField[] = at
    ? [{ name: 'time', value: at[0], span: { start: at.index, end: at.index + at[0].length } }]
    : [];
  fields.push({ name: 'level', value: found[1]!, span: spanOf(line, found[1]!, found.index) });
  fields.push({ name: 'message', value: found[2]!, span: spanOf(line, found[2]!, found.index) });
  pair.lastIndex = found.index + found[0].length;
  for (let match = pair.exec(line); match; match = pair.exec(line)) {
    const start = match.index + match[1]!.length + 1;
    fields.push({ name: match[1]!, value: unquoted(match[2]!), span: { start, end: start + match[2]!.length } });
  }
  return fields.some(({ name }) => name === 'src.addr' || name === 'dst.addr')
    ? { format: 'ztunnel', fields }
    : undefined;
}

function spanOf(line: string, text: string, from: number) {
  const start = line.indexOf(text, from);
  return { start, end: start + text.length };
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}
