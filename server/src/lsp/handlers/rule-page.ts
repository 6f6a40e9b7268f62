import { rulePage as pageOf } from '../../features/rule-page.ts';
import type { Handler } from '../handler.ts';

export const rulePage: Handler<'istioEgress/rulePage'> = ({ rules, pages }, { rule: id }) => {
  const page = pages.get(id);
  const rule = [...rules.rules, ...rules.documentRules].find((one) => one.id === id);
  return { markdown: page === undefined ? '' : pageOf(rule ?? {}, page) };
};
