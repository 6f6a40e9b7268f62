// Requests and causes in words that the text and the Markdown share.
import { groupBy } from '../../base/group-by.ts';
import type { RequestChange } from '../../features/difference/request-changes.ts';
import { requestAndClients } from '../../features/facts/request-words.ts';
import { requestText } from '../../rules/trace/declared-traces.ts';
import { placeText } from '../position.ts';
import type { Cause, Caused, Difference } from './difference.ts';

/** Requests that are worse off for one reason, and differ by their client only. */
interface RequestLine {
  /** `GET http://api.example.com/ from shop/cart, shop/web: allowed -> fails: reason`. */
  readonly text: string;
  readonly causes: readonly Cause[];
}

export function requestLines(found: Difference): readonly RequestLine[] {
  const alike = groupBy(worseRequests(found), ({ request, before, after, causes }) =>
    JSON.stringify([requestText(request), before.verdict, after.verdict, after.summary, causes]),
  );
  return [...alike.values()].map((changes) => {
    const { before, after, causes } = changes[0];
    const requests = requestAndClients(changes.map(({ request }) => request));
    const reason = after.summary.replace(/\.$/, '');
    return { text: `${requests}: ${before.verdict} -> ${after.verdict}: ${reason}`, causes };
  });
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
