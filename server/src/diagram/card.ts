// What the picture is made of: cards with rows, in three columns, and links between them.
import type { GraphFinding, Tls, Verdict } from './graph.ts';
import type { Mix } from './words.ts';

export interface Card {
  readonly id: string;
  readonly column: 0 | 1 | 2;
  readonly title: string;
  readonly detail: string;
  /** Its rows can be shown or hidden. */
  readonly canFold: boolean;
  readonly isFolded: boolean;
  readonly rows: readonly Row[];
  /** What holds for all of it: access of clients, TLS of hosts. */
  readonly word: string;
  /** Ids of the graph's nodes that it stands for. */
  readonly nodes: readonly string[];
  readonly isWarning: boolean;
  readonly worst: GraphFinding<unknown>['severity'] | undefined;
  readonly findings: number;
}

export interface Row {
  readonly id: string;
  readonly label: string;
  readonly word: string;
}

export interface Link {
  readonly id: string;
  /** `client`: from a client to a gateway. `host`: from a gateway to a host. */
  readonly side: 'client' | 'host';
  readonly from: Anchor;
  readonly to: Anchor;
  readonly access: Mix<Verdict>;
  readonly tls: Mix<Tls>;
  readonly bypasses: boolean;
  /** Of the graph. */
  readonly edges: readonly number[];
}

/** A card, or one of its rows. */
export interface Anchor {
  readonly card: string;
  readonly row: string | undefined;
}

export interface Scene {
  readonly cards: readonly Card[];
  readonly links: readonly Link[];
}
