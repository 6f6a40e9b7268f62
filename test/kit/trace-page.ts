// Reads and answers pages of traces.
import { LineIndex } from '../../server/src/base/line-index.ts';
import { hopText } from '../../server/src/eval/trace/hop-text.ts';
import { parseRequest, type RequestWords } from '../../server/src/eval/trace/parse-request.ts';
import type { Evidence, Trace } from '../../server/src/eval/trace/step.ts';
import { trace } from '../../server/src/eval/trace/trace.ts';
import { readMeshConfig } from '../../server/src/sources/mesh-config.ts';
import { splitDocuments } from '../../server/src/yaml/chunks.ts';
import { parseDocument } from '../../server/src/yaml/parse.ts';
import { meshFromYaml } from './mesh-from-yaml.ts';

export interface TraceCase {
  readonly heading: string;
  readonly files: Readonly<Record<string, string>>;
  /** `from NS/SA [LABEL=VALUE ...]: curl [-X METHOD] [-H 'K: V'] URL`. */
  readonly request: string;
  /** Istio's MeshConfig in a fence of that name. */
  readonly meshConfig: string;
  readonly expected: string;
  /** Where what is expected stands in the page. */
  readonly span: { readonly start: number; readonly end: number };
}

const fence = /(?:^`([^`\n]+)`:?[ \t]*\n\n?)?^```(yaml|meshconfig|request|trace)\n([\s\S]*?)^```[ \t]*$/gm;

export function readTracePage(text: string): TraceCase[] {
  const cases: TraceCase[] = [];
  let offset = 0;
  for (const part of text.split(/^(?=## )/m)) {
    const fences = [...part.matchAll(fence)];
    const yaml = fences
      .filter(([, , language]) => language === 'yaml')
      .map(([, name, , body = ''], i) => [name ?? `manifest${i === 0 ? '' : `-${i + 1}`}.yaml`, body] as const);
    fences.forEach(([, , language, body = ''], i) => {
      const answer = fences[i + 1];
      if (language !== 'request' || answer?.[2] !== 'trace') return;
      const start = offset + answer.index + answer[0].indexOf('```trace\n') + '```trace\n'.length;
      cases.push({
        heading: part.slice(3, part.indexOf('\n')).trim(),
        files: Object.fromEntries(yaml),
        meshConfig: fences.find((one) => one[2] === 'meshconfig')?.[3] ?? '',
        request: body.trim(),
        expected: answer[3]!,
        span: { start, end: start + answer[3]!.length },
      });
    });
    offset += part.length;
  }
  return cases;
}

/** The trace as a page shows it: a line a step with the first place that decides, then the verdict. */
export function askPage({ files, request, meshConfig }: TraceCase): string {
  const parsed = parseRequest(wordsOf(request));
  if ('problem' in parsed) throw new Error(parsed.problem);
  return `${print(trace(meshFromYaml(files, { settings: readMeshConfig(parseDocument(meshConfig).root) }).mesh, parsed), files).join('\n')}\n`;
}

function wordsOf(line: string): RequestWords {
  const [, from = '', labels = '', rest = ''] = /^from (\S+?)((?: [^\s=]+=[^\s:]*)*): curl (.*)$/.exec(line) ?? [];
  const headers = [...rest.matchAll(/-H '([^:']+): ?([^']*)'/g)].map(([, name, value]) => [name!, value!] as const);
  return {
    from,
    url: rest.split(' ').at(-1)!,
    method: /-X (\S+)/.exec(rest)?.[1],
    headers: Object.fromEntries(headers),
    labels: Object.fromEntries([...labels.matchAll(/(\S+)=(\S*)/g)].map(([, name, value]) => [name!, value!])),
  };
}

function print({ steps, candidates, verdict, summary, hops }: Trace, files: TraceCase['files']): string[] {
  return [
    ...steps.flatMap(({ stage, outcome, message, details = [], evidence }) => [
      `${outcome.padEnd(7)} ${stage.padEnd(13)} ${message}${evidence[0] ? `  ${placeOf(evidence[0], files)}` : ''}`,
      ...details.map((detail) => `${' '.repeat(22)}${detail}`),
    ]),
    `${verdict}: ${summary}`,
    ...hops.map((hop) => `log: ${hopText(hop)}`),
    ...candidates.map((candidate) => `  ${candidate.verdict}: ${candidate.summary}`),
  ];
}

/** `file:line` of a span, which counts from its document. */
function placeOf({ resource, span }: Evidence, files: TraceCase['files']): string {
  const file = resource.uri.slice('file:///'.length);
  const text = files[file] ?? '';
  const chunk = splitDocuments(text).find(
    (one) =>
      one.text.slice(resource.at.name.start, resource.at.name.end) === resource.name &&
      one.text.includes(`kind: ${resource.written.kind}\n`),
  );
  return `${file}:${new LineIndex(text).positionAt((chunk?.start ?? 0) + span.start).line + 1}`;
}
