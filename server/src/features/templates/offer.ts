// Whole manifests that can be written, as completion and New Manifest offer them.
import type { Plain } from '../../rules/rule.ts';
import { printDocument } from '../../yaml/print.ts';
import { fillIn, type Values } from './fill.ts';
import type { Template } from './template.ts';

export interface Offer {
  /** Unique among the offers of a moment. */
  readonly id: string;
  readonly title: string;
  /** Why it is offered, or what it is for. */
  readonly detail: string;
  /** Something in the mesh lacks it. */
  readonly isNeeded: boolean;
  /** Where it belongs; undefined where it is for any namespace. */
  readonly namespace: string | undefined;
  readonly content:
    | { readonly template: Template; readonly values: Values }
    | { readonly manifest: Plain; readonly name: string };
}

/** The text of an offer whose places keep their values. */
export function textOf({ content }: Offer): string {
  return 'manifest' in content ? printDocument(content.manifest) : fillIn(content.template, content.values);
}

export function needed(offer: Omit<Offer, 'isNeeded'>): Offer {
  return { ...offer, isNeeded: true };
}

export function offerOf(template: Template, values: Values): Offer {
  const { id, title, description, since } = template;
  return {
    id,
    title,
    detail: since === undefined ? description : `${description} (since Istio ${since})`,
    isNeeded: false,
    namespace: undefined,
    content: { template, values },
  };
}
