// The tools for agents as a server of the Model Context Protocol over standard input and output. A file of its own: only the command `mcp` loads it.
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { ToolAnswer, ToolServer } from './cli/mcp/answer-tool.ts';

/** Resolves when the client has gone. */
export async function serveTools({ tools, answer }: ToolServer, version: string): Promise<void> {
  // Not `McpServer`: the tools come with their JSON schemas, which that one would want as objects of zod.
  const server = new Server({ name: 'istio-egress', version }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map(({ name, title, description, input }) => ({
      name,
      title,
      description,
      inputSchema: { ...input, required: [...input.required] },
      annotations: { readOnlyHint: true, openWorldHint: false },
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) =>
    contentOf(await answer(params.name, params.arguments)),
  );
  const closed = new Promise<void>((resolve) => {
    server.onclose = resolve;
    process.stdin.once('end', () => void server.close());
  });
  await server.connect(new StdioServerTransport());
  await closed;
}

function contentOf({ text, notes, isError }: ToolAnswer) {
  const parts = notes === '' ? [text] : [text, notes];
  return { content: parts.map((part) => ({ type: 'text' as const, text: part })), isError };
}
