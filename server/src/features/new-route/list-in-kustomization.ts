// A new file in a folder of kustomize: it takes part only where the list of resources names it.
import { columnOf } from '../../yaml/lines.ts';
import { parseDocument } from '../../yaml/parse.ts';

/** The text with the file in its `resources`; undefined where it has no such list in lines of its own. */
export function withResource(text: string, file: string): string | undefined {
  const { root } = parseDocument(text);
  if (root?.kind !== 'map') return undefined;
  const list = root.entries.find(({ key }) => key.value === 'resources')?.value;
  if (list?.kind !== 'seq' || list.flow) return undefined;
  if (list.items.some((item) => item.kind === 'scalar' && [file, `./${file}`].includes(String(item.value))))
    return text;
  const last = list.items.at(-1);
  if (!last) return undefined;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const end = text.indexOf('\n', last.span.end);
  const line = `${' '.repeat(columnOf(text, list.span.start))}- ${file}${newline}`;
  return end < 0 ? `${text}${newline}${line}` : text.slice(0, end + 1) + line + text.slice(end + 1);
}
