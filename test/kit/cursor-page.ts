// Reads pages whose manifests have cursors: `‸` is where an editor asks.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { defaultSettings, type EngineSettings } from '../../server/src/engine/settings.ts';
import type { Workspace } from '../../server/src/engine/workspace.ts';
import { newWorkspace } from './workspace.ts';

export const cursorSign = '‸';

export interface CursorCase {
  /** Heading and the line with the cursor. */
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
  readonly settings: EngineSettings;
  readonly uri: string;
  readonly offset: number;
  /** The line with the cursor as the page has it, without the indentation. */
  readonly line: string;
}

/** A fence with what is expected, and the cases that it is about. */
export interface CursorSection {
  readonly cases: readonly CursorCase[];
  /** The first word behind the fence is the question, the others belong to it. */
  readonly question: string;
  readonly words: string;
  readonly body: string;
  /** Of the body, in the page. */
  readonly span: { readonly start: number; readonly end: number };
}

interface Fence {
  readonly name: string | undefined;
  readonly language: string;
  readonly words: string;
  readonly body: string;
  /** Of the body, in the page. */
  readonly start: number;
}

interface Written {
  readonly name: string;
  readonly text: string;
}

const fenced = /(?:^`([^`\n]+)`:?[ \t]*\n\n?)?^```([a-z-]+)([^\n]*)\n([\s\S]*?)^```[ \t]*$/gm;
const home = 'file:///page/';

/** `onlyOwn`: a line with a cursor stands in the case of this cursor only; else only the sign is taken out. */
export function readCursorPage(path: string, { onlyOwn }: { readonly onlyOwn: boolean }): readonly CursorSection[] {
  const text = readFileSync(path, 'utf8');
  let base: readonly Written[] = [];
  let baseSettings = '';
  let offset = 0;
  const sections: CursorSection[] = [];
  for (const part of text.split(/^(?=## )/m)) {
    const heading = /^## (.*)/.exec(part)?.[1] ?? '';
    const fences = fencesOf(part, offset);
    offset += part.length;
    const own = settingsIn(fences);
    if (heading === 'The mesh') {
      base = [...linkedFiles(part, path), ...filesIn(fences)];
      baseSettings = own;
    } else sections.push(...sectionsOf(heading, fences, { base, settings: own || baseSettings, onlyOwn }));
  }
  return sections;
}

/** Manifests that the section links to. */
function linkedFiles(part: string, path: string): readonly Written[] {
  return [...part.matchAll(/\]\(([^)]+\.yaml)\)/g)].map(([, link]) => ({
    name: basename(link!),
    text: readFileSync(join(dirname(path), link!), 'utf8'),
  }));
}

function fencesOf(part: string, offset: number): readonly Fence[] {
  return [...part.matchAll(fenced)].map((match) => {
    const [all, name, language = '', words = '', body = ''] = match;
    const start = offset + match.index + all.length - '```'.length - body.length - /[ \t]*$/.exec(all)![0].length;
    return { name, language, words: words.trim(), body, start };
  });
}

const settingsIn = (fences: readonly Fence[]): string =>
  fences.find(({ language }) => language === 'settings')?.body ?? '';

function filesIn(fences: readonly Fence[]): readonly Written[] {
  return fences
    .filter(({ language }) => language === 'yaml')
    .map(({ name = 'manifest.yaml', body, words }) => ({ name, text: textOf(body, words) }));
}

/** `crlf` behind the language ends each line so; `open` leaves the last line without an end. */
function textOf(body: string, words: string): string {
  const lines = words.includes('open') ? body.replace(/\n$/, '') : body;
  return words.includes('crlf') ? lines.replaceAll('\n', '\r\n') : lines;
}

interface Context {
  readonly base: readonly Written[];
  readonly settings: string;
  readonly onlyOwn: boolean;
}

function sectionsOf(heading: string, fences: readonly Fence[], context: Context): readonly CursorSection[] {
  const sections: CursorSection[] = [];
  let files: Fence[] = [];
  for (const fence of fences) {
    if (fence.language === 'settings') continue;
    if (fence.language === 'yaml') {
      files.push(fence);
      continue;
    }
    const { language: question, words, body, start } = fence;
    const cases = casesOf(heading, filesIn(files), context);
    sections.push({ cases, question, words, body, span: { start, end: start + body.length } });
    files = [];
  }
  return sections;
}

function casesOf(heading: string, own: readonly Written[], { base, settings, onlyOwn }: Context): CursorCase[] {
  const written = [...base.filter(({ name }) => own.every((one) => one.name !== name)), ...own];
  return own.flatMap(({ name, text }) =>
    [...text.matchAll(new RegExp(cursorSign, 'g'))].map(({ index }, i) => {
      const kept = onlyOwn ? withoutOtherCursors(text, i) : text;
      const at = [...kept.matchAll(new RegExp(cursorSign, 'g'))][onlyOwn ? 0 : i]!.index;
      const plain = (one: string): string => one.replaceAll(cursorSign, '');
      const files = written.map((one) => [home + one.name, plain(one.name === name ? kept : one.text)] as const);
      const line = lineAround(text, index).trim();
      return {
        name: `${heading}: ${line}`,
        files: new Map(files),
        settings: readSettings(settings),
        uri: home + name,
        offset: plain(kept.slice(0, at)).length,
        line,
      };
    }),
  );
}

function withoutOtherCursors(text: string, own: number): string {
  let seen = -1;
  return text
    .split(/(?<=\n)/)
    .filter((line) => !line.includes(cursorSign) || ++seen === own)
    .join('');
}

export function lineAround(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end < 0 ? text.length : end).replace('\r', '');
}

function readSettings(text: string): EngineSettings {
  const written = (text === '' ? {} : parse(text)) as Partial<EngineSettings>;
  return { ...defaultSettings, ...written, mesh: { ...defaultSettings.mesh, ...written.mesh } };
}

export function workspaceOf({ files, settings }: Pick<CursorCase, 'files' | 'settings'>): Workspace {
  const workspace = newWorkspace(settings);
  for (const [uri, text] of files) workspace.setFile(uri, text);
  workspace.refresh();
  return workspace;
}

export function fileName(uri: string): string {
  return uri.slice(home.length);
}

/** The page with these bodies in place of those of its sections. */
export function rewritten(text: string, sections: readonly CursorSection[], bodies: readonly string[]): string {
  return sections.reduceRight(
    (page, { span }, i) => page.slice(0, span.start) + bodies[i]! + page.slice(span.end),
    text,
  );
}
