// The fields of a line with what each value says.
import { valueOf, type LogEntry, type LogField } from './entry.ts';
import { envoyFields } from './envoy-fields.ts';
import type { FieldDoc } from './field-doc.ts';
import { ztunnelFields } from './ztunnel-fields.ts';

export interface ExplainedField extends LogField {
  /** Envoy's command operator where the field has one: `%START_TIME%`. */
  readonly operator: string | undefined;
  /** One or two sentences about this value. */
  readonly meaning: string;
}

export function explainFields(entry: LogEntry): readonly ExplainedField[] {
  const docs = entry.format === 'ztunnel' ? ztunnelFields : envoyFields;
  return entry.fields.map((field) => {
    const doc = Object.hasOwn(docs, field.name) ? docs[field.name]! : undefined;
    return { ...field, operator: doc?.operator, meaning: meaningOf(field, doc, entry) };
  });
}

function meaningOf({ name, value }: LogField, doc: FieldDoc | undefined, entry: LogEntry): string {
  if (!doc) return 'Not a field of the default format: the log format of the mesh or the log collector adds it.';
  return valueOf(entry, name) === undefined ? (doc.none?.(value, entry) ?? 'No value.') : doc.say(value, entry);
}
