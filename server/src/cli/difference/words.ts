// Requests and causes in words that the text and the Markdown share.
import type { RequestChange } from '../../features/difference/request-changes.ts';
import { requestAndClient } from '../../features/facts/request-words.ts';
import { placeText } from '../position.ts';
import type { Cause, Caused, Difference } from './difference.ts';

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
