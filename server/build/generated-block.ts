// Generated parts of hand-written pages.

/** The page with new text between `<!-- generated: NAME -->` and `<!-- end of generated -->`. */
export function withBlock(page: string, name: string, text: string): string {
  const start = `<!-- generated: ${name} -->`;
  const [before, rest] = page.split(start);
  const end = '<!-- end of generated -->';
  const after = rest?.slice(rest.indexOf(end));
  if (before === undefined || after === undefined || !after.startsWith(end))
    throw new Error(`The page has no ${start} ... ${end}`);
  return `${before}${start}\n${text}\n${after}`;
}
