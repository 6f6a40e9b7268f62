// Changes of access in words, for the command line and the editor.
import { groupBy } from '../../base/group-by.ts';
import type { Subject } from '../../eval/access/access-subjects.ts';
import type { AccessRow } from '../../eval/access/row.ts';
import { subjectsText } from '../../eval/access/subjects-text.ts';
import { accessText, operationText } from '../../eval/access/wording.ts';
import type { AccessChange } from './access-changes.ts';

/** Rows of one host and port whose answer changes alike. */
export interface AccessLine<Cause> {
  readonly what: AccessChange['what'];
  /** `api.example.com:443`. */
  readonly place: string;
  /** Who, such as `shop/cart, shop/web` or `all clients`. */
  readonly clients: string;
  /** `denied -> GET /status`. */
  readonly answer: string;
  readonly causes: readonly Cause[];
}

/** `subjects`: all, so that a whole namespace can be told from a part of it. */
export function accessLines<Cause>(
  changes: readonly (AccessChange & { readonly causes: readonly Cause[] })[],
  subjects: readonly Subject[],
): readonly AccessLine<Cause>[] {
  const alike = groupBy(changes, (one) => JSON.stringify([one.host, one.port, one.what, answerText(one), one.causes]));
  return [...alike.values()].map((rows) => {
    const first = rows[0];
    const { host, port, what, causes } = first;
    return {
      what,
      place: port === 0 ? 'every host' : `${host}:${port}`,
      clients: subjectsText(
        rows.map(({ from }) => from),
        subjects,
      ),
      answer: answerText(first),
      causes,
    };
  });
}

function answerText({ before, after, opened, closed }: AccessChange): string {
  const isSameWay = before !== undefined && after !== undefined && wayText(before) === wayText(after);
  const [was, is] = [isSameWay ? requestsText(before) : rowText(before), rowText(after)];
  const single = (list: AccessChange['opened']) => list.map(operationText).join('; ');
  const isPartial = before?.access === 'some' && after?.access === 'some';
  const parts = [
    ...(opened.length > 0 ? [`now also ${single(opened)}`] : []),
    ...(closed.length > 0 ? [`no longer ${single(closed)}`] : []),
  ];
  return `${was} -> ${is}${isPartial && parts.length > 0 ? ` (${parts.join('; ')})` : ''}`;
}

/** `GET /status through waypoint egress/waypoint, TLS originated`. */
function rowText(row: AccessRow | undefined): string {
  return row && row.access !== 'none' ? `${requestsText(row)}${wayText(row)}` : requestsText(row);
}

function requestsText(row: AccessRow | undefined): string {
  return row ? accessText(row) : 'not declared';
}

function wayText(row: AccessRow): string {
  if (row.access === 'none') return '';
  const way = row.proxy ? ` through ${row.via} ${row.proxy.namespace}/${row.proxy.name}` : viaText(row.via);
  return `${way}${row.bypasses ? ', past the waypoint that is meant for it' : ''}${tlsText(row)}`;
}

function viaText(via: AccessRow['via']): string {
  return via === 'direct' ? ' directly' : ` through a ${via}`;
}

const tlsTexts: Readonly<Record<NonNullable<AccessRow['tls']>, string>> = {
  plain: ', unencrypted',
  'pass-through': ", the client's TLS",
  originated: ', TLS originated',
  mutual: ', mutual TLS originated',
  unknown: '',
  none: '',
};

function tlsText({ tls }: AccessRow): string {
  return tls === undefined ? '' : tlsTexts[tls];
}
