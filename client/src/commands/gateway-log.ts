// Commands for a followed log: stop, filter, propose a policy, show it as text.
import { window } from 'vscode';
import type { EgressCommand } from '../extension-context.ts';
import { viewCommands } from '../logs/log-view.ts';
import { filterText, parseFilter } from '../logs/log-row.ts';

export const stopFollowingLogs: EgressCommand = { id: viewCommands.stop, run: ({ log }) => log.stop() };

/** Code may pass the filter's words. */
export const filterGatewayLogs: EgressCommand = {
  id: viewCommands.filter,
  async run({ logs }, given) {
    const text =
      typeof given === 'string'
        ? given
        : await window.showInputBox({
            title: 'Filter Gateway Logs',
            value: filterText(logs.filter),
            ignoreFocusOut: true,
            prompt: 'Filter: denied, host:PART, status:4, 403; combine them with spaces. Leave empty to show all lines',
            validateInput: (typed) =>
              parseFilter(typed) ? undefined : 'This is not a valid filter. Use denied, host:PART or status:DIGITS.',
          });
    const filter = text === undefined ? undefined : parseFilter(text);
    if (filter) logs.filter = filter;
    return filter;
  },
};

/** Of a line of the log; the lens above a denied one says which. */
export const proposePolicy: EgressCommand = {
  id: viewCommands.propose,
  run: ({ logs }, given) => typeof given === 'string' && logs.propose(given),
};

export const showGatewayLogAsText: EgressCommand = { id: viewCommands.asText, run: ({ logs }) => logs.show() };
