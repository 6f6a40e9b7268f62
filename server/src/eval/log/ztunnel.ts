// ztunnel's access lines: a message, then `key=value` with Rust's quotes. ztunnel@62d8265 src/proxy/metrics.rs
// record_internal, log_early_deny; src/telemetry.rs IstioFormat.
import type { LogEntry, LogField } from './entry.ts';
import { keyValues } from './key-values.ts';
import { sourceOfPrefix } from './source.ts';

const message = /\b(error|warn|info|debug)\s+access(?:\S*)\s+(connection (?:complete|failed|opened))(?=\s|$)/i;
/** The end of a line that lost its beginning. */
const bare = /(?:^|\s)(?:src\.addr|dst\.addr|dst\.hbone_addr)=/;
const time = /\d{4}-\d\d-\d\dT[0-9:.]+Z/g;

export function readZtunnel(line: string): LogEntry | undefined {
  const found = message.exec(line);
  const from = found ? found.index + found[0].length : bare.exec(line)?.index;
  if (from === undefined) return undefined;
  const pairs = keyValues(line.slice(from));
  if (!pairs.some(({ name }) => name === 'src.addr' || name === 'dst.addr')) return undefined;
  const prefix = line.slice(0, found?.index ?? from);
  return {
    format: 'ztunnel',
    fields: [...headOf(prefix, found), ...pairs],
    source: sourceOfPrefix(prefix.replace(time, '')),
  };
}

function headOf(prefix: string, found: RegExpExecArray | null): readonly LogField[] {
  // The nearest before the level: a prefix may carry one of its own.
  const at = [...prefix.matchAll(time)].at(-1)?.[0];
  return [
    ...(at === undefined ? [] : [{ name: 'time', value: at }]),
    ...(found
      ? [
          { name: 'level', value: found[1]!.toLowerCase() },
          { name: 'message', value: found[2]! },
        ]
      : []),
  ];
}
