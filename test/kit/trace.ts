// Traces of meshes in text, for tests.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseRequest, type RequestWords } from '../../server/src/eval/trace/parse-request.ts';
import type { Trace } from '../../server/src/eval/trace/step.ts';
import { trace } from '../../server/src/eval/trace/trace.ts';
import { meshFromYaml, type Files, type MeshOptions } from './mesh-from-yaml.ts';

export function traceOf(files: Files, words: RequestWords, options: MeshOptions = {}): Trace {
  const request = parseRequest(words);
  if ('problem' in request) throw new Error(request.problem);
  return trace(meshFromYaml(files, options).mesh, request);
}

/** The story's manifests by file name. */
export function storyFiles(): Record<string, string> {
  const folder = join(resolve(import.meta.dirname, '../..'), 'examples');
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** A stage's steps as `outcome message`. */
export function stepsAt(trace: Trace, stage: Trace['steps'][number]['stage']): string[] {
  return trace.steps.filter((step) => step.stage === stage).map(({ outcome, message }) => `${outcome} ${message}`);
}
