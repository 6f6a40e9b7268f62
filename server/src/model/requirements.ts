// What an organisation requires of all egress, as its settings file says it.

import type { Position } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';

export const statements = ['throughGateway', 'encrypted', 'notOpenToAll', 'hosts', 'callers', 'logged'] as const;
export type Statement = (typeof statements)[number];

export interface Requirements {
  /** Every external host is reached through a waypoint or an egress gateway. */
  readonly throughGateway: boolean;
  /** TLS is originated or passed through, and certificates are verified. */
  readonly encrypted: boolean;
  /** No host is open to all clients. */
  readonly notOpenToAll: boolean;
  /** The access log of what leaves is on. */
  readonly logged: boolean;
  /** Hosts and wildcards that may be declared; undefined means any. */
  readonly hosts: readonly string[] | undefined;
  readonly callers: readonly { readonly host: string; readonly namespaces: readonly string[] }[];
  readonly exceptions: readonly RequirementException[];
  /** Where the settings file has each statement. */
  readonly places: Readonly<Partial<Record<Statement, SettingPlace>>>;
}

/** In a settings file. */
export interface SettingPlace {
  readonly uri: string;
  readonly span: Span;
  readonly range: { readonly start: Position; readonly end: Position };
}

export interface RequirementException {
  /** A host or a wildcard. */
  readonly host: string;
  readonly statement: Statement;
  readonly reason: string;
  /** The last day on which it counts, `2026-12-31`. */
  readonly until: string;
  readonly place: SettingPlace;
}
