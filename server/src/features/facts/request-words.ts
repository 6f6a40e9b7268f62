// A request with its client, as lists of requests show it.
import { assumedNamespace } from '../../eval/trace/declared-requests.ts';
import type { TraceRequest } from '../../eval/trace/request.ts';
import { requestText } from '../../rules/trace/declared-traces.ts';

/** More clients than this are counted instead of named. */
const mostNames = 4;

/** Such as `GET http://api.example.com/ from shop/checkout`. */
export function requestAndClient(request: TraceRequest): string {
  return `${requestText(request)} from ${clientText(request)}`;
}

/** Of requests that differ by their client only. */
export function requestAndClients(requests: readonly TraceRequest[]): string {
  // Who has a name comes first.
  const inOrder = requests.toSorted((a, b) => Number(isAnyOther(a)) - Number(isAnyOther(b)));
  const names = [...new Set(inOrder.map(clientText))];
  const shown = names.length > mostNames ? names.slice(0, mostNames - 1) : names;
  const more = names.length - shown.length;
  return `${requestText(requests[0]!)} from ${shown.join(', ')}${more > 0 ? ` and ${more} more clients` : ''}`;
}

function clientText(request: TraceRequest): string {
  const { namespace, serviceAccount } = request.from;
  return isAnyOther(request) ? 'any other client' : `${namespace}/${serviceAccount}`;
}

function isAnyOther({ from: { namespace } }: TraceRequest): boolean {
  return namespace === assumedNamespace;
}
