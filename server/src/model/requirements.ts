// What an organisation requires of all egress, as its settings file says it.

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
}

export interface RequirementException {
  /** A host or a wildcard. */
  readonly host: string;
  readonly statement: Statement;
  readonly reason: string;
  /** The last day on which it counts, `2026-12-31`. */
  readonly until: string;
}
