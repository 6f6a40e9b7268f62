import { access as accessOf } from '../../eval/access/access.ts';
import { placesIn } from '../../engine/places.ts';
import type { AccessParams, AccessResult } from '../protocol.ts';
import type { Session } from '../session.ts';

export function access(session: Session, given: unknown): AccessResult {
  const { uri, hosts } = (given ?? {}) as Partial<AccessParams>;
  const workspace = session.workspaceFor(typeof uri === 'string' ? uri : null);
  const place = placesIn(workspace, session.sources);
  const found = accessOf(workspace.mesh, {
    hosts: Array.isArray(hosts) ? hosts.filter((host) => typeof host === 'string') : undefined,
  });
  const rows = found.rows.map(({ from, host, port, via, access: how, operations, because }) => ({
    from: from === '*' ? from : { namespace: from.namespace, serviceAccount: from.serviceAccount ?? null },
    host,
    port,
    via,
    access: how,
    operations: operations.map(({ methods, paths, when }) => ({
      ...(methods && { methods }),
      ...(paths && { paths }),
      ...(when.length > 0 && { when }),
    })),
    because: because.map(({ resource, span }) => place(resource, span)),
  }));
  return { rows, short: found.isShort };
}
