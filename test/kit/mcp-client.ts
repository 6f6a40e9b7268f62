// A client of the tools for agents, by the protocol's own SDK. The program ends with the test file.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

export async function connectTools([command = '', ...args]: readonly string[], cwd: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '0.0.0' });
  await client.connect(new StdioClientTransport({ command, args, cwd, stderr: 'inherit' }));
  after(() => client.close());
  return client;
}

/** The texts of an answer. */
export async function callTool(client: Client, name: string, input: Readonly<Record<string, unknown>> = {}) {
  const { content, isError } = await client.callTool({ name, arguments: input });
  assert.ok(Array.isArray(content));
  const texts = content.map((part: unknown) => {
    assert.ok(typeof part === 'object' && part !== null && 'text' in part && typeof part.text === 'string');
    return part.text;
  });
  return { texts, isError: isError === true };
}
