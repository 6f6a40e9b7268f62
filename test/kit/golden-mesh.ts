// The meshes of unit/golden/mesh, with what Istio's own code answers for each, as recorded.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Answer } from './oracle.ts';

export const goldenFolder = path.join(import.meta.dirname, '../unit/golden/mesh');
export const goldenRecord = path.join(goldenFolder, 'answers.json');

export const goldenMeshes = readdirSync(goldenFolder)
  .filter((file) => file.endsWith('.yaml'))
  .sort()
  .map((file) => {
    const text = readFileSync(path.join(goldenFolder, file), 'utf8');
    const [title = '', abstains = ''] = text.split('\n');
    return { file, text, title: title.slice(2), abstains: abstains.startsWith('# abstains: ') };
  });

export function readGoldenAnswers(): Readonly<Record<string, Answer>> {
  return JSON.parse(readFileSync(goldenRecord, 'utf8')) as Record<string, Answer>;
}
