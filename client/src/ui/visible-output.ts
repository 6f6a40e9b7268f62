// The output channel, with everything that is written to it made visible.
import type { LogOutputChannel } from 'vscode';
import { visibleText } from '../../../server/src/base/visible.ts';

const writers: ReadonlySet<PropertyKey> = new Set([
  'append',
  'appendLine',
  'replace',
  'trace',
  'debug',
  'info',
  'warn',
  'error',
]);

export function visibleOutput(channel: LogOutputChannel): LogOutputChannel {
  return new Proxy(channel, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: readonly unknown[]): unknown =>
        Reflect.apply(value, target, writers.has(name) ? given.map(visible) : [...given]);
    },
  });
}

function visible(given: unknown): unknown {
  return typeof given === 'string' ? visibleText(given) : given;
}
