// What changed, in words that the text and the Markdown share.
import { groupBy } from '../../base/group-by.ts';
import type { AccessRow } from '../../eval/access/row.ts';
import { subjectsText } from '../../eval/access/subjects-text.ts';
import { accessText, operationText } from '../../eval/access/wording.ts';
import type { AccessChange } from '../../features/difference/access-changes.ts';
import type { RequestChange } from '../../features/difference/request-changes.ts';
import { requestAndClient } from '../../features/facts/request-words.ts';
import { placeText } from '../position.ts';
import type { Cause, Caused, Difference } from './difference.ts';

/** Rows of one host and port whose answer changes alike. */
export interface AccessLine {
  readonly what: AccessChange['what'];
  /** `api.example.com:443`. */
  readonly place: string;
  /** Who, such as `shop/cart, shop/web` or `all clients`. */
  readonly clients: string;
  /** `denied -> GET /status`. */
  readonly answer: string;
  readonly causes: readonly Cause[];
}

export function accessLines(changes: readonly Caused<AccessChange>[]): readonly AccessLine[] {
  const subjects = groupBy(changes, ({ host, port }) => `${host} ${port}`);
  const alike = groupBy(changes, (one) => JSON.stringify([one.host, one.port, one.what, answerText(one), one.causes]));
  return [...alike.values()].map((rows) => {
    const [first] = rows as [Caused<AccessChange>];
    const { host, port, what, causes } = first;
    const all = subjects.get(`${host} ${port}`)!.map(({ from }) => from);
    return {
      what,
      place: port === 0 ? 'every host' : `${host}:${port}`,
      clients: subjectsText(
        rows.map(({ from }) => from),
        all,
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

/** `GET http://api.example.com/ from shop/cart: allowed -> fails: reason`. */
export function requestLine({ request, before, after }: RequestChange): string {
  const reason = after.verdict === 'allowed' ? '' : `: ${after.summary.replace(/\.$/, '')}`;
  return `${requestAndClient(request)}: ${before.verdict} -> ${after.verdict}${reason}`;
}

/** Requests that are worse off. What a policy denies or allows stands under access. */
export function worseRequests({ requests }: Difference): readonly Caused<RequestChange>[] {
  return requests.filter(({ after }) => ['fails', 'bypasses', 'undetermined'].includes(after.verdict));
}

/** `AuthorizationPolicy shop/allow (changed), policy.yaml:3:5`. */
export function causeText(cause: Cause): string {
  const { kind, namespace, name } = cause.resource;
  const what = cause.what === 'unchanged' ? '' : ` (${cause.what})`;
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}${what}, ${placeText(cause)}`;
}

export function plural(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? '' : 's'}`;
}
