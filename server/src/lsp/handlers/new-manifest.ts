import { newManifest as manifestOf } from '../../features/templates/new-manifest.ts';
import { isPlaceName } from '../../features/templates/places.ts';
import type { Handler } from '../handler.ts';

export const newManifest: Handler<'istioEgress/newManifest'> = (session, { uri, id, answers }) => {
  const known = Object.fromEntries(Object.entries(answers).filter(([place]) => isPlaceName(place)));
  return (
    manifestOf(session.workspaceFor(uri), uri ?? undefined, id, known) ?? {
      problem: 'The manifests changed, and this is not needed any more. Choose again.',
    }
  );
};
