// Commands of the code lenses with facts: a ServiceEntry's traces a request, others show the access table.
import type { CodeLensMiddleware } from 'vscode-languageclient';
import { showAccess } from './commands/show-access.ts';
import { traceRequest } from './commands/trace-request.ts';

export const lensCommands: CodeLensMiddleware = {
  async resolveCodeLens(lens, token, next) {
    const resolved = await next(lens, token);
    if (resolved?.command?.title) {
      const { uri, kind } = (resolved as { data?: { uri?: string; kind?: string } }).data ?? {};
      const { line, character } = resolved.range.start;
      resolved.command = {
        ...resolved.command,
        ...(kind === 'ServiceEntry'
          ? { command: traceRequest.id, arguments: [{ uri, line, character }] }
          : { command: showAccess.id }),
      };
    }
    return resolved;
  },
};
