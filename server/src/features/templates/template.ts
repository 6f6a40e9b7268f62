// A template of one or more manifests: text with places to fill in. Snippets, New Manifest and completion are made of it.
import type { PlaceName } from './places.ts';

export interface Template {
  /** Unique; snippets have the prefix `istio-ID`. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** YAML with `{place}` where a value is filled in; documents are separated by `---`. */
  readonly body: string;
  /** What it does not take from the usual values of its places. */
  readonly values?: Readonly<Partial<Record<PlaceName, string>>>;
  /** The places that New Manifest asks for, in this order; the others follow from them or keep their values. */
  readonly asks: readonly PlaceName[];
  /** The place that the name of the resource and of the file follow. */
  readonly namedAfter: PlaceName;
  /** Ids of templates whose resources it refers to: with them and its usual values it has no finding. */
  readonly buildsOn: readonly string[];
  /** The first minor of Istio that can do it: addresses for hosts without one, and `serviceAccounts` of policies, exist from 1.25 on. */
  readonly since?: string;
}
