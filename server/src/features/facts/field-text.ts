// A field's documentation, as hover and completion show it.
import type { FieldDescription } from '../../schema/describe.ts';

/** Of the field with this name: type, since when, what it means and which values it takes. */
export function fieldText(name: string, description: FieldDescription): string {
  const facts = [
    description.type,
    description.required ? 'required' : '',
    description.since ? `since Istio ${description.since}` : '',
  ].filter((fact) => fact !== '');
  const lines = [`**${name}**${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`];
  if (description.doc) lines.push(description.doc);
  if (description.enum && description.enum.length > 0)
    lines.push(`One of ${description.enum.map((value) => `\`${value}\``).join(', ')}.`);
  return lines.join('\n\n');
}
