import { workspace } from 'vscode';
import { settingOf } from '../../../server/src/cluster/executables.ts';
import type { Tools } from '../../../server/src/cluster/target.ts';
import { findExecutable } from '../../../server/src/host/node/find-executable.ts';

/** The person's kubectl for what nobody asked for just now: where there is none, nothing is said. */
export function findQuietly(): Tools | undefined {
  if (!workspace.isTrusted) return undefined;
  const found = findExecutable('kubectl', workspace.getConfiguration().get<string>(settingOf('kubectl')));
  return found.found ? { kubectl: found.path, istioctl: 'istioctl' } : undefined;
}
