// A host and port of the access table, and what is said against it.
import type { Span } from '../../base/span.ts';
import type { AccessRow } from '../../eval/access/row.ts';
import { writtenHosts } from '../../mesh/hosts/hosts-of-entry.ts';
import type { SettingPlace, Statement } from '../../model/requirements.ts';
import type { Resource } from '../../model/resource.ts';

export interface Unmet {
  readonly statement: Statement;
  /** One sentence. */
  readonly message: string;
  readonly resource: Resource;
  /** In the resource's document. */
  readonly span: Span;
  /** Where the settings file requires it, and the exception that ended. */
  readonly because: readonly (SettingPlace & { readonly message: string })[];
}

/** Before the settings are asked where they require it. */
export type Fault = Omit<Unmet, 'because'>;

export interface Place {
  readonly host: string;
  readonly port: number;
  readonly entry: Resource<'ServiceEntry'>;
  /** Those that may send anything. */
  readonly rows: readonly AccessRow[];
  readonly clients: (rows: readonly AccessRow[]) => string;
}

export interface UnmetAtHost extends Fault {
  readonly host: string;
}

/** At the host of its ServiceEntry. */
export function unmetOf(statement: Statement, { host, entry }: Place, message: string): UnmetAtHost {
  const span = writtenHosts(entry).get(host)?.span ?? entry.at.name;
  return { statement, host, message, resource: entry, span };
}

export function placeText({ host, port }: Pick<Place, 'host' | 'port'>): string {
  return port === 0 ? 'every host' : `${host}:${port}`;
}
