// A request with its client, as lists of requests show it.
import { assumedNamespace } from '../../eval/trace/declared-requests.ts';
import type { TraceRequest } from '../../eval/trace/request.ts';
import { requestText } from '../../rules/trace/declared-traces.ts';

/** Such as `GET http://api.example.com/ from shop/checkout`. */
export function requestAndClient(request: TraceRequest): string {
  return `${requestText(request)} from ${clientText(request)}`;
}

function clientText({ from: { namespace, serviceAccount } }: TraceRequest): string {
  return namespace === assumedNamespace ? 'any other client' : `${namespace}/${serviceAccount}`;
}
