// Which findings say what Red Hat's YAML extension says of the same place.
import type { Diagnostic } from 'vscode';

/** Rules that say what YAML's syntax or a schema of the object's structure says too. */
const structural: ReadonlySet<unknown> = new Set([
  'invalid-yaml',
  'unknown-field',
  'missing-field',
  'invalid-type',
  'invalid-value',
]);

/** Its source is `YAML` for the syntax and `yaml-schema: NAME` for a schema. */
export function isFromYaml({ source }: Diagnostic): boolean {
  return source !== undefined && /^(?:YAML$|yaml-schema\b)/.test(source);
}

export function isRepeated({ code, range }: Diagnostic, theirs: readonly Diagnostic[]): boolean {
  const rule = typeof code === 'object' ? code.value : code;
  return structural.has(rule) && theirs.some((other) => range.intersection(other.range) !== undefined);
}
