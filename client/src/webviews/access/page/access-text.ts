// The answers of the table as words and signs; a color only adds to them.
import type { AccessAnswer } from '../protocol.ts';

type Access = AccessAnswer['access'];

export const accesses: readonly Access[] = ['all', 'some', 'none', 'undetermined'];

export const marks: Readonly<Record<Access, string>> = { all: '●', some: '◐', none: '✕', undetermined: '?' };

export function accessText(access: Access): string {
  switch (access) {
    case 'all':
      return 'all requests';
    case 'some':
      return 'some requests';
    case 'none':
      return 'no request';
    case 'undetermined':
      return 'undetermined';
  }
}

/** `some requests: GET /status (via waypoint)`. */
export function answerText({ access, operations, via }: AccessAnswer): string {
  const what = operations.length === 0 ? accessText(access) : `${accessText(access)}: ${operations.join('; ')}`;
  return `${what} (via ${via})`;
}
