// The request behind the tools that the editor gives to language models.
import { request } from './define.ts';
import { anything, object, oneOf, type Reader } from './read.ts';
import { folderOf, type Unanswerable } from './shared.ts';
import type { ToolName } from '../../features/agent-tools/tools.ts';

export interface AgentToolParams {
  /** A file of the folder; `null` means the first folder. `check` is about all folders. */
  readonly uri: string | null;
  readonly tool: ToolName;
  /** As the tool's schema wants it, which the server checks. */
  readonly input: unknown;
}

export interface AgentToolResult {
  /** As the command line prints it, with files relative to their folder. */
  readonly text: string;
}

const toolName: Reader<ToolName> = oneOf('check', 'trace', 'access', 'explain');

export const agentRequests = {
  'istioEgress/agentTool': request<AgentToolParams, AgentToolResult | Unanswerable>({
    read: object<AgentToolParams>({ uri: folderOf, tool: toolName, input: anything }),
    needsAllFiles: true,
    answers: '`{ text }`: what the command line answers with `--format json`, for an agent',
  }),
};
