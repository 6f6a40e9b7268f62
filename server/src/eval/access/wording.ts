// Rows of the access table in words.
import { plural } from '../../base/plural.ts';
import type { Access } from './access.ts';
import type { AccessRow, Operation } from './row.ts';
import type { Subject } from './access-subjects.ts';

export function subjectText(subject: Subject): string {
  if (subject === '*') return 'all other clients';
  const { namespace, serviceAccount } = subject;
  return serviceAccount === undefined ? `other accounts in ${namespace}` : `${namespace}/${serviceAccount}`;
}

/** `GET, HEAD /status where the Host is x`. */
export function operationText({ methods, paths, when }: Operation): string {
  const what = [methods?.join(', ') ?? 'any method', ...(paths ? [paths.join(', ')] : [])].join(' ');
  return when.length === 0 ? what : `${what} where ${when.join(' and ')}`;
}

/** What a caller may send. */
export function accessText({ access, operations }: Pick<AccessRow, 'access' | 'operations'>): string {
  switch (access) {
    case 'all':
      return 'all requests';
    case 'some':
      return operations.map(operationText).join('; ');
    case 'none':
      return 'denied';
    case 'undetermined':
      return 'undetermined';
  }
}

/** For a table that was cut; nothing where it has all. */
export function omittedNote({ omittedPairs }: Pick<Access, 'omittedPairs'>): { readonly note?: string } {
  return omittedPairs === 0
    ? {}
    : {
        note: `${plural(omittedPairs, 'more pair')} of a host and a port ${omittedPairs === 1 ? 'has' : 'have'} no rows: ask for single hosts.`,
      };
}
