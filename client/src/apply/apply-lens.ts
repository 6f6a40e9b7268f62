// A code lens above each manifest after a cluster was read: same as in the cluster, or different.
import {
  CodeLens,
  commands,
  EventEmitter,
  languages,
  Range,
  window,
  workspace,
  type CodeLensProvider,
  type Disposable,
  type TextDocument,
} from 'vscode';
import type { ManifestsResult } from '../../../server/src/lsp/protocol/cluster.ts';
import { driftKey } from '../cluster/live.ts';
import type { EgressContext } from '../extension-context.ts';
import { runInBackground } from '../run-in-background.ts';
import { markWords } from '../view/marks.ts';

type Manifest = ManifestsResult['manifests'][number];

export function registerApplyLens({
  live,
  server,
  output,
}: Pick<EgressContext, 'live' | 'server' | 'output'>): Disposable {
  const changed = new EventEmitter<void>();
  const manifestsOf = async ({ uri }: TextDocument) =>
    (await server.request('istioEgress/manifests', { uris: [uri.toString()] }))?.manifests ?? [];
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: async (document) =>
      live.snapshot && live.drift && isOn()
        ? (await manifestsOf(document)).flatMap((manifest) => lensesOf(manifest))
        : [],
  };
  const lensesOf = (manifest: Manifest): readonly CodeLens[] => {
    const { start } = manifest.place.range;
    const range = new Range(start.line, start.character, start.line, start.character);
    const { kind, namespace, name } = manifest;
    const drift = live.drift?.get(driftKey({ kind, namespace, name }));
    const context = live.snapshot?.context ?? '';
    if (!drift) return [new CodeLens(range, { title: `same as in cluster ${context}`, command: '' })];
    if (drift.what === 'not-compared' || drift.what === 'extra') return [];
    const given = { uri: manifest.place.uri, kind, namespace, name };
    const first =
      drift.what === 'different'
        ? { title: `differs from cluster ${context}`, command: 'istioEgress.showDifference' }
        : { title: markWords.missing, command: 'istioEgress.diffManifest' };
    return [
      new CodeLens(range, { ...first, arguments: [given] }),
      new CodeLens(range, { title: 'Apply…', command: 'istioEgress.applyManifest', arguments: [given] }),
    ];
  };
  /** Buttons in the title of an editor only where there is something to apply. */
  const lookNow = async () => {
    const document = window.activeTextEditor?.document;
    const is = document?.languageId === 'yaml' && live.target !== undefined && (await manifestsOf(document)).length > 0;
    await commands.executeCommand('setContext', 'istioEgress.manifestOpen', is);
  };
  const look = () => runInBackground(output, 'looking for manifests in the editor', lookNow());
  const again = () => {
    changed.fire();
    look();
  };
  const parts = [
    changed,
    live.onDidChange(again),
    server.onDidChange(again),
    window.onDidChangeActiveTextEditor(look),
    languages.registerCodeLensProvider({ language: 'yaml' }, provider),
  ];
  return { dispose: () => parts.forEach((part) => part.dispose()) };
}

function isOn(): boolean {
  return workspace.getConfiguration().get<boolean>('istioEgress.codeLens.enabled', true);
}
