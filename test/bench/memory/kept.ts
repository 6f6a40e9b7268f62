// `node --expose-gc kept.js FOLDER`: how much the heap grows by a folder's index, and by all its checks, as JSON.
import { shippedRules } from '../../../server/src/engine/analyze.ts';
import { folderReader } from '../../../server/src/engine/folder-reader.ts';
import { defaultSettings } from '../../../server/src/engine/settings.ts';
import { Workspace } from '../../../server/src/engine/workspace.ts';
import { nodeFiles, pathOfUri, uriOfPath } from '../../../server/src/host/node/files.ts';

const [folder = ''] = process.argv.slice(2);
const collect = globalThis.gc;
if (!collect) throw new Error('node --expose-gc');

function used(): number {
  collect?.();
  collect?.();
  return process.memoryUsage().heapUsed;
}

const workspace = new Workspace({
  ...shippedRules,
  settings: defaultSettings,
  onRuleError: (_rule, _subject, error) => {
    throw error;
  },
});
const before = used();
for (const file of folderReader(nodeFiles(), pathOfUri).files(uriOfPath(folder)))
  if (file && !('why' in file)) workspace.setFile(file.uri, file.text, file.facts);
const index = used() - before;
workspace.refresh();
const checked = used() - before;
let resources = 0;
for (const uri of workspace.uris)
  for (const { record } of workspace.documents(uri)) resources += record.resources.length;
process.stdout.write(JSON.stringify({ resources, index, checked }));
