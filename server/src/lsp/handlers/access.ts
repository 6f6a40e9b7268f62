import { access as accessOf } from '../../eval/access/access.ts';
import { placesIn } from '../../engine/places.ts';
import type { Handler } from '../handler.ts';

export const access: Handler<'istioEgress/access'> = (session, { uri, hosts }) => {
  const workspace = session.workspaceFor(uri);
  const place = placesIn(workspace, session.sources);
  const found = accessOf(workspace.mesh, { hosts });
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
};
