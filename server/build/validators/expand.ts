// From our compact schemas to plain JSON Schema: what they leave unsaid (an object with fields takes no others) is said here.
import { boundKeywords, mapValues, type Structure } from '../schemas/structure.ts';

type Part = Structure & { readonly $ref?: string };
export type SchemaFile = Part & { readonly $defs?: Readonly<Record<string, Part>> };

/**
 * Go's notation of a duration of at least a millisecond, by one of its parts; CEL's `duration()` reads it, `apiextensions-apiserver
 * pkg/apiserver/validation`.
 */
const durationPattern =
  '^(?=.*(?:[1-9]\\d*(?:\\.\\d*)?(?:ms|[smh])|\\.\\d{0,2}[1-9]\\d*s|\\.\\d{0,3}[1-9]\\d*m(?!s)|\\.\\d{0,5}[1-9]\\d*h|[1-9]\\d{3,}(?:\\.\\d*)?[uµμ]s|[1-9]\\d{6,}(?:\\.\\d*)?ns))\\+?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:ns|us|µs|μs|ms|s|m|h))+$';

/** `keepMarks` is false where a field's release is not ours to judge: the Gateway API's kinds are installed apart from Istio. */
export function expand(file: SchemaFile, keepMarks: boolean): Structure {
  return expandPart(file, file.$defs ?? {}, keepMarks);
}

function expandPart(part: Part, definitions: Readonly<Record<string, Part>>, keepMarks: boolean): Structure {
  const marks = keepMarks && part['x-since'] !== undefined ? { 'x-since': part['x-since'] } : {};
  if (part.$ref !== undefined)
    return { ...expandPart(definitions[part.$ref.replace('#/$defs/', '')]!, definitions, keepMarks), ...marks };
  const inner = (child: Part) => expandPart(child, definitions, keepMarks);
  const { properties, items, additionalProperties } = part;
  return {
    ...marks,
    ...scalars(part),
    ...(keepMarks && part['x-values'] ? { 'x-values': part['x-values'] } : {}),
    ...(properties ? { properties: mapValues(properties, inner) } : {}),
    ...(items ? { items: inner(items) } : {}),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: inner(additionalProperties) }
      : closed(part)),
  };
}

/** A CRD prunes what it does not name, and strict readers refuse it: `apiextensions-apiserver pkg/apiserver/schema/pruning`. */
function closed({ type, additionalProperties, 'x-kubernetes-preserve-unknown-fields': open }: Part): Structure {
  return type === 'object' && !additionalProperties && !open ? { additionalProperties: false } : {};
}

/** A choice may be looked for at each place of a text. One that is too long anyway is not searched, as that takes its length squared. */
function guarded(pattern: string, maxLength: number): string {
  return `^(?![^]{${maxLength + 1}})[^]*?(?:${pattern})`;
}

const copied = ['type', ...boundKeywords, 'required'] as const;

function scalars(part: Part): Structure {
  const schema: Record<string, unknown> = {};
  for (const keyword of copied) if (part[keyword] !== undefined) schema[keyword] = part[keyword];
  if (part['x-kubernetes-int-or-string']) schema['type'] = ['integer', 'string'];
  if (part.format === 'duration') schema['pattern'] = durationPattern;
  else if (part.pattern?.includes('|') && part.maxLength !== undefined)
    schema['pattern'] = guarded(part.pattern, part.maxLength);
  // The API server holds a number to its format: kube-openapi pkg/validation/validate/values.go IsValueValidAgainstRange.
  if (part.format === 'int32') return { minimum: -2147483648, maximum: 2147483647, ...schema };
  return schema;
}
