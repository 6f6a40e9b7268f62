// Rendered output as a text of the workspace with its own URI.

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
