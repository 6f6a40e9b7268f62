// What a manifest can name: each thing has one key, under which everything that declares or names it is found.
import type { Kind } from '../model/kinds.ts';

export type Entity =
  /** Lower case, short names expanded; a wildcard is a host of its own. */
  | { readonly type: 'host'; readonly host: string }
  /** Anything with a `metadata.name`; a namespace has an empty namespace. */
  | { readonly type: 'object'; readonly kind: Kind; readonly namespace: string; readonly name: string }
  | { readonly type: 'subset'; readonly host: string; readonly name: string }
  | { readonly type: 'port'; readonly host: string; readonly number: number }
  /** The name of a port of a ServiceEntry or Service, or of a Gateway's listener. */
  | {
      readonly type: 'section';
      readonly kind: Kind;
      readonly namespace: string;
      readonly object: string;
      readonly name: string;
    }
  /** One of MeshConfig's `extensionProviders`, or a provider that Istio brings. */
  | { readonly type: 'provider'; readonly name: string }
  | { readonly type: 'trust-domain'; readonly name: string }
  /** A label of pods, as selectors name it. */
  | { readonly type: 'label'; readonly namespace: string; readonly key: string; readonly value: string };

export function keyOf(entity: Entity): string {
  switch (entity.type) {
    case 'host':
      return `host ${entity.host}`;
    case 'object':
      return `object ${entity.kind}/${entity.namespace}/${entity.name}`;
    case 'subset':
      return `subset ${entity.host} ${entity.name}`;
    case 'port':
      return `port ${entity.host} ${entity.number}`;
    case 'section':
      return `section ${entity.kind}/${entity.namespace}/${entity.object} ${entity.name}`;
    case 'provider':
      return `provider ${entity.name.toLowerCase()}`;
    case 'trust-domain':
      return `trust domain ${entity.name}`;
    case 'label':
      return `label ${entity.namespace} ${entity.key}=${entity.value}`;
  }
}

export function namespaceNamed(name: string): Entity {
  return { type: 'object', kind: 'Namespace', namespace: '', name };
}
