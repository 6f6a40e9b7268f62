// The answers of the table as words and signs; a color only adds to them.
import { l10n } from '../../kit/page/texts.ts';
import type { AccessAnswer } from '../protocol.ts';

type Access = AccessAnswer['access'];

export const accesses: readonly Access[] = ['all', 'some', 'none', 'undetermined'];

export const marks: Readonly<Record<Access, string>> = { all: '●', some: '◐', none: '✕', undetermined: '?' };

export function accessText(access: Access): string {
  switch (access) {
    case 'all':
      return l10n.t('all requests');
    case 'some':
      return l10n.t('some requests');
    case 'none':
      return l10n.t('no request');
    case 'undetermined':
      return l10n.t('undetermined');
  }
}

/** `some requests: GET /status (via waypoint)`. */
export function answerText({ access, operations, via }: AccessAnswer): string {
  const what = operations.length === 0 ? accessText(access) : `${accessText(access)}: ${operations.join('; ')}`;
  return l10n.t('{0} (via {1})', what, via);
}
