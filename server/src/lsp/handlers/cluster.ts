import { isKind } from '../../model/kind-of.ts';
import type { NotificationHandler } from '../handler.ts';

/** Kinds that the server does not know are skipped: a newer client may read more. */
export const cluster: NotificationHandler<'istioEgress/cluster'> = (session, { cluster: content }) => {
  session.setCluster(
    content
      ? {
          context: content.context,
          namespaces: content.namespaces,
          objects: content.objects.flatMap(({ kind, ...one }) => (isKind(kind) ? [{ kind, ...one }] : [])),
          complete: content.complete.filter(isKind),
          controlPlane: {
            namespace: content.controlPlane.namespace,
            version: content.controlPlane.version,
            meshText: content.controlPlane.meshText,
          },
        }
      : undefined,
  );
};
