// Reads a page: prose for users whose YAML fences are files and whose `##` headings are cases.
import { readMarkers, type Marker } from './markers.ts';

export interface PageFile {
  readonly name: string;
  /** Without markers. */
  readonly text: string;
  readonly markers: readonly Marker[];
}

/** A `##` section with fences in it. */
export interface Section {
  readonly heading: string;
  readonly files: readonly PageFile[];
  /** What the section's `settings` fence says, a YAML map as text. */
  readonly settings: string | undefined;
  /** All fixes that its findings offer, as `safe: TITLE`, in order, where it has a `fixes` fence. */
  readonly offered: readonly string[] | undefined;
  /** Where its fences, with the lines that name them, stand in the page. */
  readonly span: { readonly start: number; readonly end: number };
}

export interface Page {
  readonly title: string;
  /** The first paragraph. */
  readonly summary: string;
  readonly headings: readonly string[];
  readonly sections: readonly Section[];
}

/** A case and what its fixes make of it. */
export interface Case {
  readonly section: Section;
  readonly fixed: readonly Section[];
}

const fenced = /(?:^`([^`\n]+)`:?[ \t]*\n\n?)?^```(yaml|settings|fixes)\n([\s\S]*?)^```[ \t]*$/gm;

export function readPage(text: string): Page {
  const parts = text.split(/^(?=## )/m);
  const [head = ''] = parts;
  const [, title = '', summary = ''] = /^# (.*)\n+((?:.+\n)*)/.exec(head) ?? [];
  let offset = head.length;
  const sections = parts.slice(1).map((part) => {
    const section = readSection(part, offset);
    offset += part.length;
    return section;
  });
  return { title, summary: summary.trim(), headings: sections.map(({ heading }) => heading), sections };
}

/** `Fixed: TITLE` sections belong to the case before them. */
export function casesOf(page: Page): Case[] {
  const cases: { section: Section; fixed: Section[] }[] = [];
  for (const section of page.sections) {
    if (fixTitle(section) !== undefined) cases.at(-1)?.fixed.push(section);
    else if (section.files.length > 0) cases.push({ section, fixed: [] });
  }
  return cases;
}

export function fixTitle({ heading }: Section): string | undefined {
  return heading.startsWith('Fixed: ') ? heading.slice('Fixed: '.length) : undefined;
}

function readSection(part: string, offset: number): Section {
  const firstLine = part.indexOf('\n') < 0 ? part.length : part.indexOf('\n') + 1;
  const matches = [...part.matchAll(fenced)];
  const files = matches
    .filter(([, , language]) => language === 'yaml')
    .map(([, name, , body = ''], i) => ({ name: name ?? defaultName(i), ...readMarkers(body) }));
  const start = matches[0]?.index ?? firstLine;
  const last = matches.at(-1);
  return {
    heading: part.slice(3, firstLine).trim(),
    files,
    settings: matches.find(([, , language]) => language === 'settings')?.[3],
    offered: matches
      .find(([, , language]) => language === 'fixes')?.[3]
      ?.split('\n')
      .filter((line) => line !== ''),
    span: { start: offset + start, end: offset + (last ? last.index + last[0].length : firstLine) },
  };
}

function defaultName(i: number): string {
  return i === 0 ? 'manifest.yaml' : `manifest-${i + 1}.yaml`;
}

/** The fences of a `Fixed` section, with the path above as a case has it. */
export function printFiles(files: readonly Pick<PageFile, 'name' | 'text'>[]): string {
  const heading = (name: string) => (files.length === 1 && name === defaultName(0) ? '' : `\`${name}\`\n`);
  return files.map(({ name, text }) => `${heading(name)}\`\`\`yaml\n${withLineEnd(text)}\`\`\``).join('\n');
}

/** A fence cannot tell whether its last line is ended. */
export function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
