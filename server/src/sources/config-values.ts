// Values of a settings file: each is read or reported at its position.
import { nearest } from '../base/nearest.ts';
import type { Span } from '../base/span.ts';
import type { LabelSelector } from '../model/specs.ts';
import { readSelector } from '../model/selectors.ts';
import type { YamlNode } from '../yaml/node.ts';

export interface ConfigError {
  readonly message: string;
  /** In the file. */
  readonly span: Span;
}

/** Where errors are collected. */
interface Report {
  readonly errors: ConfigError[];
}

export function textOf(value: YamlNode, report: Report): string | undefined {
  if (value.kind === 'scalar' && typeof value.value === 'string') return value.value;
  if (!isNull(value)) complain(report, value, 'Expected a string.');
  return undefined;
}

export function booleanOf(value: YamlNode, report: Report): boolean | undefined {
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
  complain(report, value, 'Expected `true` or `false`.');
  return undefined;
}

export function listOf(value: YamlNode, report: Report): readonly string[] | undefined {
  if (value.kind === 'seq') return value.items.flatMap((item) => textOf(item, report) ?? []);
  if (!isNull(value)) complain(report, value, 'Expected a list.');
  return undefined;
}

export function selectorsOf(value: YamlNode, report: Report): readonly LabelSelector[] | undefined {
  const items = value.kind === 'seq' ? value.items : [];
  const maps = items.filter((item) => item.kind === 'map');
  if (value.kind === 'seq' && maps.length === items.length) return maps.map(readSelector);
  complain(
    report,
    value,
    'Expected a list of label selectors, such as `[{ matchLabels: { istio-discovery: enabled } }]`.',
  );
  return undefined;
}

export function oneOf<T extends string>(value: YamlNode, choices: readonly T[], report: Report): T | undefined {
  const written = value.kind === 'scalar' ? value.value : undefined;
  // YAML 1.1 files write `off` for false; the core schema reads it as text, JSON-minded users write `false`.
  const choice = choices.find((one) => one === written || (one === 'off' && written === false));
  if (choice === undefined)
    complain(
      report,
      value,
      `Expected one of ${choices.join(', ')}.${typeof written === 'string' ? suggestion(written, choices) : ''}`,
    );
  return choice;
}

export function isNull(value: YamlNode): boolean {
  return value.kind === 'scalar' && value.value === null;
}

export function suggestion(written: string, choices: readonly string[]): string {
  const near = nearest(written, choices);
  return near === undefined ? '' : ` Did you mean \`${near}\`?`;
}

export function complain(report: Report, { span }: { readonly span: Span }, message: string): void {
  report.errors.push({ message, span });
}
