// `key=value` and `key="quoted value"`, as ztunnel and logfmt write them.
import type { LogField } from './entry.ts';

const pair =
  /(?:^|[\s,{])([A-Za-z_][\w-]*(?:\.[\w-]+)*)=("(?:[^"\\]|\\.)*"|\\"(?:[^"\\]|\\[^"])*\\"|\S+?(?=[,}]?(?:\s|$))|(?=\s|$))/g;

export function keyValues(text: string): LogField[] {
  return [...text.matchAll(pair)].map(([, name, value]) => ({ name: name!, value: unquoted(value!) }));
}

function unquoted(value: string): string {
  if (value.startsWith('\\"')) return value.slice(2, -2);
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}
