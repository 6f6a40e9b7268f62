// Plain objects as YAML for users to read and compare; keys in an order of their own, so that equal objects are equal texts.
import { compareText } from '../../base/compare.ts';
import { isRecord } from '../../base/is-record.ts';

const first = ['apiVersion', 'kind', 'metadata', 'type', 'spec'];

export function toYaml(object: object): string {
  return `${lines(object).join('\n')}\n`;
}

function lines(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => behind('-', item, '  '));
  if (!isRecord(value)) return [scalar(value)];
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => order(a) - order(b) || compareText(a, b))
    .flatMap(([key, inner]) =>
      isBlock(inner)
        ? [`${scalar(key)}:`, ...lines(inner).map((line) => (Array.isArray(inner) ? line : `  ${line}`))]
        : [`${scalar(key)}: ${scalar(inner)}`],
    );
}

function behind(mark: string, value: unknown, indent: string): readonly string[] {
  const [head = '', ...rest] = isBlock(value) ? lines(value) : [scalar(value)];
  return [`${mark} ${head}`, ...rest.map((line) => `${indent}${line}`)];
}

function isBlock(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isRecord(value) && Object.keys(value).length > 0;
}

/** A text that could be read as anything else, by any YAML, is quoted as JSON does. */
function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[A-Za-z/][\w./-]*( [\w./-]+)*$/.test(value) && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value)
    ? value
    : JSON.stringify(value);
}

function order(key: string): number {
  const at = first.indexOf(key);
  return at < 0 ? first.length : at;
}
