// Opens a difference: both sides as a diff, or the only side.
import { authored } from '../../../server/src/cluster/objects/live-object.ts';
import { toYaml } from '../../../server/src/cluster/objects/to-yaml.ts';
import { driftKey } from '../cluster/live.ts';
import { showComparisons } from '../cluster/texts.ts';
import type { EgressCommand } from '../extension-context.ts';
import { showPlace } from './open-resource.ts';
import { textsIn } from '../ui/texts-in.ts';

export const showDifference: EgressCommand = {
  id: 'istioEgress.showDifference',
  async run({ live, server }, given) {
    const object = objectIn(given);
    const drift = object && live.drift?.get(driftKey(object));
    if (!drift || !live.snapshot) return undefined;
    const { kind, namespace, name } = object;
    if (drift.what === 'different') {
      const label = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
      const sides = [live.snapshot.context, 'files'] as const;
      await showComparisons(`${label}: cluster ${sides[0]} ↔ files`, sides, [
        { name: label, left: toYaml(authored(drift.live.object)), right: toYaml(drift.alone) },
      ]);
    } else {
      const answer = await server.request('istioEgress/places', {
        objects: [{ kind, namespace, name }],
      });
      if (answer?.places[0]) await showPlace(answer.places[0]);
    }
    return drift.what;
  },
};

/** A line of the view, or what a lens says. */
function objectIn(
  given: unknown,
): { readonly kind: string; readonly namespace: string; readonly name: string } | undefined {
  return textsIn(given, 'kind', 'namespace', 'name');
}
