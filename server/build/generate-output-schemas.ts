// `schemas/output/*.schema.json`: the JSON of the commands as JSON Schema, for those who read it. Each file stands alone.
import type { Generated } from './generated.ts';
import { definitions } from './output-schemas/definitions.ts';
import { outputs } from './output-schemas/outputs.ts';

const folder = 'schemas/output';

export const outputSchemas: Generated = {
  name: 'output-schemas',
  folders: [folder],
  make: () =>
    Promise.resolve({
      files: Object.keys(outputs).map((name) => ({ path: `${folder}/${name}.schema.json`, text: schemaText(name) })),
    }),
};

function schemaText(name: string): string {
  const { title, content } = outputs[name]!;
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    description: 'Fields may be added without another version: ignore those that you do not know.',
    ...content,
    definitions: usedBy(content),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The definitions that a schema names, and those that these name. */
function usedBy(schema: object): object {
  const used = new Set<string>();
  const visit = (part: object) => {
    for (const [, name] of JSON.stringify(part).matchAll(/#\/definitions\/(\w+)/g)) {
      if (used.has(name!)) continue;
      used.add(name!);
      visit(definitions[name!]!);
    }
  };
  visit(schema);
  return Object.fromEntries(Object.entries(definitions).filter(([name]) => used.has(name)));
}
