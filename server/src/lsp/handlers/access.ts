import { accessRows } from '../../eval/access/access.ts';
import { placesIn } from '../places.ts';
import type { AccessParams, AccessResult } from '../protocol.ts';
import type { Session } from '../session.ts';

export function access(session: Session, given: unknown): AccessResult {
  const { uri } = (given ?? {}) as Partial<AccessParams>;
  const workspace = session.workspaceFor(typeof uri === 'string' ? uri : null);
  const place = placesIn(workspace, (file) => session.texts.textOf(file));
  const rows = accessRows(workspace.mesh).map(({ from, host, port, via, access: how, operations, because }) => ({
    from: from === '*' ? from : { namespace: from.namespace, serviceAccount: from.serviceAccount ?? null },
    host, port, via, access: how,
    operations: operations.map(({ methods, paths, when }) => ({ ...(methods && { methods }), ...(paths && { paths }), ...(when.length > 0 && { when }) })),
    because: because.map(({ resource, span }) => place(resource, span)),
  }));
  return { rows };
}
