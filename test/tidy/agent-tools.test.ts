// The tools for agents are declared in package.json as their table has them: VS Code reads only that.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { agentTools } from '../../server/src/features/agent-tools/tools.ts';

interface Declared {
  readonly name: string;
  readonly displayName: string;
  readonly userDescription: string;
  readonly modelDescription: string;
  readonly inputSchema: unknown;
}

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')) as unknown;
const { contributes } = read('package.json') as { contributes: { languageModelTools: readonly Declared[] } };

test('package.json has every tool with its description and the schema of its input', () => {
  assert.deepEqual(
    contributes.languageModelTools.map((tool) => [
      tool.name,
      tool.displayName,
      tool.modelDescription,
      tool.inputSchema,
    ]),
    agentTools.map(({ name, title, description, input }) => [`istio-egress_${name}`, title, description, input]),
  );
  for (const { name, userDescription } of contributes.languageModelTools) assert.ok(userDescription, name);
});
