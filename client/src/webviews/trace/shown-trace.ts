// A trace of the server with what the page draws of it.
import { Uri, workspace } from 'vscode';
import type { TraceResult } from '../../../../server/src/lsp/protocol/egress.ts';
import { upstreamTls } from '../../documents/trace.ts';
import type { ShownTrace } from './protocol.ts';

export function shownTrace({ steps, upstream, candidates, ...trace }: TraceResult): ShownTrace {
  return {
    ...trace,
    steps: steps.map(({ evidence, ...step }) => ({
      ...step,
      places: evidence.map(({ uri, range }) => ({
        uri,
        range,
        label: `${workspace.asRelativePath(Uri.parse(uri))}:${range.start.line + 1}`,
      })),
    })),
    upstream: upstream && {
      address: upstream.address,
      port: upstream.port,
      how: upstream.tls ? upstreamTls(upstream.tls) : plain(upstream.protocol),
    },
    candidates: candidates.map(shownTrace),
  };
}

function plain(protocol: NonNullable<TraceResult['upstream']>['protocol']): string {
  switch (protocol) {
    case 'http':
      return 'plain HTTP';
    case 'tls':
      return 'TLS of the client, passed through';
    case 'tcp':
      return 'plain TCP';
  }
}
