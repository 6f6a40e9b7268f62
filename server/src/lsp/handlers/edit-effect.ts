import { editEffectIn } from '../edit-effect-in.ts';
import type { Handler } from '../handler.ts';

export const editEffect: Handler<'istioEgress/editEffect'> = (session, { uri }) => ({
  effects: editEffectIn(session, uri)?.effects ?? [],
});
