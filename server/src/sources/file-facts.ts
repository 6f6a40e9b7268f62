import type { Level } from './config-file.ts';
import type { LeftAlone } from '../model/recognise.ts';
import type { Requirements } from '../model/requirements.ts';

/** What a file's place says of it, besides its text. */
export interface FileFacts {
  /** The namespace that a tool gives to all its resources, whatever they name. */
  readonly namespace?: string | undefined;
  /** Why the file is skipped. */
  readonly leftAlone?: LeftAlone | undefined;
  /** Of rules, and the namespace of objects that name none: what settings files below the folder's own say there. */
  readonly severities?: Readonly<Record<string, Level>> | undefined;
  readonly defaultNamespace?: string | undefined;
  /** What settings files below the folder's own require, each. */
  readonly requirements?: readonly Requirements[] | undefined;
}

/** Requirements are no part of it: nothing is read otherwise because of them. */
export function sameFacts(a: FileFacts, b: FileFacts): boolean {
  return (
    a.namespace === b.namespace &&
    a.leftAlone === b.leftAlone &&
    a.defaultNamespace === b.defaultNamespace &&
    (a.severities === b.severities || JSON.stringify(a.severities) === JSON.stringify(b.severities))
  );
}
