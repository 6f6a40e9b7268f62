// Shows the status that controllers report in Problems, as a separate source. Each line names the time.
import { Diagnostic, DiagnosticSeverity, languages, Range, Uri, type Disposable } from 'vscode';
import { statusFindings, statusSource, type StatusFinding } from '../../../server/src/cluster/snapshot/statuses.ts';
import { visibleText } from '../../../server/src/base/visible.ts';
import type { Evidence } from '../../../server/src/lsp/protocol/shared.ts';
import type { EgressContext } from '../extension-context.ts';
import { runInBackground } from '../run-in-background.ts';

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

export function registerStatuses({
  live,
  server,
  output,
}: Pick<EgressContext, 'live' | 'server' | 'output'>): Disposable {
  const collection = languages.createDiagnosticCollection('Istio Egress (cluster)');
  let turn = 0;
  const show = async () => {
    const mine = ++turn;
    const findings = live.snapshot ? statusFindings(live.snapshot) : [];
    const objects = findings.map(({ kind, namespace, name }) => ({ kind, namespace, name }));
    const answer = findings.length === 0 ? { places: [] } : await server.request('istioEgress/places', { objects });
    if (mine !== turn || !answer) return;
    const byFile = new Map<string, Diagnostic[]>();
    findings.forEach((finding, i) => {
      const place = answer.places[i];
      if (place) byFile.set(place.uri, [...(byFile.get(place.uri) ?? []), diagnosticOf(finding, place.range)]);
    });
    collection.clear();
    collection.set([...byFile].map(([uri, all]) => [Uri.parse(uri), all]));
  };
  const again = () => runInBackground(output, 'showing what the cluster reports', show());
  // After the server got the cluster's snapshot, and after edits moved the objects.
  const parts = [
    collection,
    live.onDidChange(again),
    server.onDidChange(() => {
      if (live.snapshot) again();
    }),
  ];
  return { dispose: () => parts.forEach((part) => part.dispose()) };
}

function diagnosticOf({ severity, message, code }: StatusFinding, { start, end }: Evidence['range']): Diagnostic {
  const diagnostic = new Diagnostic(
    new Range(start.line, start.character, end.line, end.character),
    visibleText(message),
    severities[severity],
  );
  diagnostic.source = statusSource;
  diagnostic.code = code;
  return diagnostic;
}
