import { editEffectIn } from '../edit-effect-in.ts';
import type { Handler } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';

export const editEffect: Handler<'istioEgress/editEffect'> = async (session, { uri }, token) => ({
  effects: (await longAnswer(session, token, () => editEffectIn(session, uri)))?.effects ?? [],
});
