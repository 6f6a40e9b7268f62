import { contains } from '../../base/span.ts';
import type { AnyResource } from '../../model/resource.ts';
import type { Handler } from '../handler.ts';

export const namespaceAt: Handler<'istioEgress/namespaceAt'> = (session, { uri, position }) => {
  const place = session.placeOf(uri);
  if (!place) return { namespace: null };
  const offset = place.lines.offsetAt(position);
  const resources = place.workspace
    .documents(uri)
    .flatMap(({ record, start }) =>
      record.resources.map((resource) => ({ resource, here: contains(resource.at.whole, offset - start) })),
    );
  const found = resources.find(({ here }) => here) ?? resources[0];
  return { namespace: (found && namespaceOf(found.resource)) || null };
};

function namespaceOf(resource: AnyResource): string {
  return resource.kind === 'Namespace' ? resource.name : resource.namespace;
}
