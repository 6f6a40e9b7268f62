import type { EgressCommand, EgressContext } from '../extension-context.ts';
import { showMessage } from '../ui/notify.ts';
import { processCommandIds } from './process-command-ids.ts';

/** A browser cannot start programs: such a command shows a message. */
export const commandsWithoutProcesses: readonly EgressCommand[] = processCommandIds.map((id) => ({ id, run: refuse }));

function refuse(egress: EgressContext): 'no-processes' {
  showMessage(
    egress,
    'warn',
    'This command starts istioctl and kubectl, which is not possible in a browser. Open the folder in VS Code on your computer.',
  );
  return 'no-processes';
}
