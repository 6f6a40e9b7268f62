// What a tool prints is a text of the workspace like any file's, under a name of its own.

const scheme = 'istio-egress-rendered:';

/** `uri` is that of the chart's or the overlay's own file. */
export function renderedUri(uri: string): string {
  return scheme + uri;
}

export function isRenderedUri(uri: string): boolean {
  return uri.startsWith(scheme);
}

/** The chart's or the overlay's own file. */
export function chartOf(uri: string): string {
  return uri.slice(scheme.length);
}
