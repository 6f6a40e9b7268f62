// HTTP methods that a proxy knows; it answers 400 to others before routes and policies see them.

/** envoy@0f39b1c source/common/http/http1/balsa_parser.cc isMethodValid; each by itself: server/docs/istio-semantics.md §12.15. */
const methods: ReadonlySet<string> = new Set(
  [
    'ACL BIND CHECKOUT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE MSEARCH NOTIFY OPTIONS PATCH POST',
    'PROPFIND PROPPATCH PURGE PUT REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE',
    // These depend on what else the request has, and on the version.
    'CONNECT QUERY',
  ].flatMap((line) => line.split(' ')),
);

/** They are case-sensitive. */
export function isKnownMethod(method: string): boolean {
  return methods.has(method);
}
