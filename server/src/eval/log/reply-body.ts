// The body of a 503 that a proxy writes itself, as clients such as curl print it. envoyproxy/envoy source/common/router/router.cc Filter::onUpstreamReset.
import { noSource, type LogEntry } from './entry.ts';

const reply =
  /upstream connect error or disconnect\/reset before headers\. (?:retried and the latest )?reset reason: ([^,"\\]+)(?:, transport failure reason: ([^"\\]+))?/i;

/** Why the proxy lost the connection: a field of no access log. */
export const resetReason = 'reset_reason';

/** Undefined for a line without such a body. */
export function readReplyBody(line: string): LogEntry | undefined {
  const [, reason, failure] = reply.exec(line) ?? [];
  if (reason === undefined) return undefined;
  return {
    format: 'envoy-text',
    fields: [
      { name: resetReason, value: reason.trim() },
      ...(failure === undefined ? [] : [{ name: 'upstream_transport_failure_reason', value: failure.trim() }]),
    ],
    source: noSource,
  };
}
