// What a trace is about, for the title of its tab.
import type { RequestDraft } from './ask-request.ts';

/** `Trace: GET httpbin.org from default/curl`. */
export function traceTitle({ url, method, from }: RequestDraft): string {
  const isHttp = /^https?:/i.test(url);
  const target = url.replace(/^https?:\/\//i, '').replace(/\/$/, '');
  return `Trace: ${isHttp ? `${method} ${target}` : target} from ${from}`;
}
