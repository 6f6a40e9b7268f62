// Settings for yaml-language-server: the schemas of Istio's kinds, chosen by `kind` as its users write it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const kinds = ['ServiceEntry', 'DestinationRule', 'AuthorizationPolicy'];

/** For files that `pattern` matches; the schema is written into the folder. */
export function peerSettings(folder: string, pattern: string): Readonly<Record<string, unknown>> {
  const path = join(folder, 'kinds.schema.json');
  const schema = {
    type: 'object',
    properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } },
    allOf: kinds.map((kind) => ({
      if: { properties: { kind: { const: kind } }, required: ['kind'] },
      // oxlint-disable-next-line unicorn/no-thenable
      then: JSON.parse(readFileSync(`schemas/istio/${kind}.json`, 'utf8')) as unknown,
    })),
  };
  writeFileSync(path, JSON.stringify(schema));
  return {
    yaml: {
      schemas: { [pathToFileURL(path).href]: pattern },
      schemaStore: { enable: false },
      kubernetesCRDStore: { enable: false },
      validate: true,
      hover: true,
      completion: true,
    },
  };
}
