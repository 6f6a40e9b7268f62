// Sets the cluster's Istio version as the target version: in the folder's settings file, or in the VS Code settings.
import { ConfigurationTarget, extensions, Range, RelativePattern, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import { minorVersion } from '../../../server/src/cluster/objects/control-plane.ts';
import type { EgressCommand } from '../extension-context.ts';
import { showMessage } from '../ui/notify.ts';
import { versionOf } from '../status/status-item.ts';

/** Code may pass where: `file` or `setting`. */
export const useClusterVersion: EgressCommand = {
  id: 'istioEgress.useClusterVersion',
  async run(egress, given) {
    const version = minorVersion(versionOf(egress));
    if (version === undefined)
      return showMessage(egress, 'warn', 'The Istio version of the cluster is unknown. Read the cluster first.');
    if (!supportedVersions().includes(version))
      return showMessage(
        egress,
        'warn',
        `Istio ${version} is not supported. Supported versions: ${supportedVersions().join(', ')}.`,
      );
    const [file] = await workspace.findFiles(
      new RelativePattern(workspace.workspaceFolders?.[0] ?? '', '.istio-egress.{yaml,yml}'),
      undefined,
      1,
    );
    const where = given === 'file' || given === 'setting' ? given : await ask(version, file);
    if (where === 'setting')
      await workspace.getConfiguration().update('istioEgress.istioVersion', version, ConfigurationTarget.Workspace);
    if (where === 'file' && workspace.workspaceFolders?.[0])
      await write(
        file ?? Uri.joinPath(workspace.workspaceFolders[0].uri, '.istio-egress.yaml'),
        version,
        file !== undefined,
      );
    return where;
  },
};

/** Those that the setting offers. */
function supportedVersions(): readonly string[] {
  const manifest = extensions.getExtension('istio-egress.istio-egress')?.packageJSON as
    | {
        readonly contributes?: {
          readonly configuration?: readonly {
            readonly properties: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
          }[];
        };
      }
    | undefined;
  return (manifest?.contributes?.configuration ?? [])
    .flatMap(({ properties }) => properties['istioEgress.istioVersion']?.enum ?? [])
    .filter((version) => version !== '');
}

async function ask(version: string, file: Uri | undefined): Promise<'file' | 'setting' | undefined> {
  const chosen = await window.showQuickPick(
    [
      {
        label: file ? `Write It to ${workspace.asRelativePath(file)}` : 'Create .istio-egress.yaml',
        detail: 'Applies to everyone who uses this folder, and to the command line.',
        where: 'file' as const,
      },
      {
        label: 'Set It for This Workspace',
        detail: 'Applies to this workspace only; overrides the file.',
        where: 'setting' as const,
      },
    ],
    { title: `Check Files for Istio ${version}` },
  );
  return chosen?.where;
}

/** One line; everything else of the file stays as it is. */
async function write(uri: Uri, version: string, exists: boolean): Promise<void> {
  const edit = new WorkspaceEdit();
  const line = `istioVersion: "${version}"\n`;
  if (!exists) edit.createFile(uri, { contents: new TextEncoder().encode(line) });
  else {
    const document = await workspace.openTextDocument(uri);
    const found = /^istioVersion:\s*("[^"\n]*"|'[^'\n]*'|[^\s#]*)/m.exec(document.getText());
    if (found)
      edit.replace(
        uri,
        new Range(document.positionAt(found.index), document.positionAt(found.index + found[0].length)),
        line.trimEnd(),
      );
    else edit.insert(uri, document.positionAt(/^(---[^\n]*\n)?/.exec(document.getText())![0].length), line);
  }
  await workspace.applyEdit(edit);
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
}
