// Files of other tools, told without a tree of them: values of charts, workflows, lock files. There are many, and some are long.

/** The keys of every manifest, as a word of their own: no repair of broken text makes them of other letters. */
const manifestKey = /(?<!\w)(?:apiVersion|kind)(?![\w-])/;

/** What a word can come from that is not written out: escapes and tags in YAML, and actions of a template. */
const unwritten = /\\[xuU\r\n]|!!|!<|%TAG|\{\{/;

/** What makes a manifest or a patch of a text without those keys. */
const otherSign = /istio\.io|gateway\.networking|\$patch|(?<!\w)op["']?\s*:/;

/** At the start of a line; a lone carriage return ends none. */
const anyContent = /(?:^|\n)[\w"'{[]/;

/** True only where the tree shows neither a manifest nor a patch, and some content. */
export function isForeignText(text: string): boolean {
  return !manifestKey.test(text) && !unwritten.test(text) && !otherSign.test(text) && anyContent.test(text);
}
