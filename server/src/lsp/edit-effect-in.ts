// The effect of a document's edits. An editor asks for it for a lens and for its status bar; it is worked out once for a text.
import { editEffect, type EditEffect } from '../features/difference/edit-effect.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { Session } from './session.ts';

interface Known {
  readonly uri: string;
  readonly mesh: Mesh;
  readonly effect: EditEffect | undefined;
}

const last = new WeakMap<Session, Known>();

export function* editEffectIn(session: Session, uri: string): Generator<undefined, EditEffect | undefined> {
  const opened = session.openedText(uri);
  const place = opened === undefined || session.isReading ? undefined : session.placeOf(uri);
  if (!place || opened === undefined) return undefined;
  const { workspace, host } = place;
  const { mesh } = workspace;
  const known = last.get(session);
  if (known?.uri === uri && known.mesh === mesh) return known.effect;
  const effect = yield* editEffect(workspace, host, uri, opened);
  last.set(session, { uri, mesh, effect });
  return effect;
}
