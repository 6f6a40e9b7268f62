import { layCluster } from '../../engine/cluster-layer.ts';
import { Workspace } from '../../engine/workspace.ts';
import { accessChangesInSteps } from '../../features/difference/access-changes.ts';
import { effectsOf } from '../../features/difference/effect.ts';
import type { Handler } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';

/** The cluster as it was read, and with the manifests in the place of what it holds. */
export const applyEffect: Handler<'istioEgress/applyEffect'> = (session, { context, texts }, token) =>
  longAnswer(session, token, function* () {
    const { known, alone } = session.cluster;
    if (!known || !alone || known.context !== context) return { known: false, effects: [] };
    const after = new Workspace({
      rules: [],
      documentRules: [],
      settings: alone.settings,
      onRuleError: () => undefined,
    });
    texts.forEach((text, i) => after.setFile(`apply:/${i}.yaml`, text));
    layCluster(after, known.objects, known.context);
    after.refresh();
    return { known: true, effects: effectsOf(yield* accessChangesInSteps(alone.mesh, after.mesh)) };
  });
