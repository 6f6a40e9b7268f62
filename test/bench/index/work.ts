// One piece of work on a folder in a process of its own, so that nothing is compiled or warm before: `work.js read|index|check FOLDER`.
// Prints how long the processor worked on it, as JSON.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { shippedRules } from '../../../server/src/engine/analyze.ts';
import { folderReader } from '../../../server/src/engine/folder-reader.ts';
import { defaultSettings } from '../../../server/src/engine/settings.ts';
import { Workspace } from '../../../server/src/engine/workspace.ts';
import { nodeFiles, pathOfUri, uriOfPath } from '../../../server/src/host/node/files.ts';

const [stage = '', folder = ''] = process.argv.slice(2);

interface Done {
  readonly files: number;
  readonly bytes: number;
  readonly resources: number;
}

/** What nobody can do without: find the files and take their bytes into memory. */
function read(): Done {
  const buffer = Buffer.allocUnsafeSlow(10 * 1024 * 1024);
  let [files, bytes] = [0, 0];
  const folders = [folder];
  for (let at = folders.pop(); at !== undefined; at = folders.pop())
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = `${at}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      if (!entry.isFile()) continue;
      const file = openSync(path, 'r');
      bytes += readSync(file, buffer, 0, buffer.length, null);
      closeSync(file);
      files++;
    }
  return { files, bytes, resources: 0 };
}

function index(isChecked: boolean): Done {
  const workspace = new Workspace({
    ...shippedRules,
    settings: defaultSettings,
    onRuleError: (_rule, _subject, error) => {
      throw error;
    },
  });
  let [files, bytes, resources] = [0, 0, 0];
  for (const file of folderReader(nodeFiles(), pathOfUri).files(uriOfPath(folder))) {
    if (!file || 'why' in file) continue;
    workspace.setFile(file.uri, file.text, file.facts);
    files++;
    bytes += file.text.length;
    for (const { record } of workspace.documents(file.uri)) resources += record.resources.length;
  }
  if (isChecked) workspace.refresh();
  return { files, bytes, resources };
}

const [before, start] = [process.cpuUsage(), performance.now()];
const done = stage === 'read' ? read() : index(stage === 'check');
const { user, system } = process.cpuUsage(before);
const wallMs = performance.now() - start;
process.stdout.write(`${JSON.stringify({ cpuMs: (user + system) / 1000, wallMs, ...done })}\n`);
