// Holes that another tool fills before anything is applied: Helm actions, `${VAR}`, `$(VAR)`, `$VAR`, `<NAME>`, `<%= name %>`, `__NAME__`, `%s`.
import { overlapWithAny } from '../base/span.ts';
import { lineEnd, nextLineStart } from '../yaml/lines.ts';
import type { YamlDocument, YamlMap, YamlNode, YamlScalar } from '../yaml/node.ts';

/** Keys whose text names an object or a host: with a hole in it nothing can be said. */
const namingKeys: ReadonlySet<string> = new Set([
  'name',
  'namespace',
  'host',
  'hosts',
  'hostname',
  'hostnames',
  'sniHosts',
  'sni',
  'address',
  'addresses',
  'gateways',
  'exportTo',
  'serviceAccountName',
  'serviceAccount',
  'credentialName',
  'principals',
  'namespaces',
  'serviceAccounts',
  'gatewayClassName',
  'istio.io/use-waypoint',
  'istio.io/use-waypoint-namespace',
]);

/** Parts of objects whose text is other programs' business; `$(VAR)` in a container is Kubernetes' own. */
const passedOver: ReadonlySet<string> = new Set([
  'annotations',
  'args',
  'body',
  'command',
  'containers',
  'data',
  'description',
  'env',
  'initContainers',
  'status',
  'stringData',
  'volumes',
]);

/** What may go on for ever is short: each `<%` of a long line would else be read to its end. */
const hole =
  /\$\{[^{}\n]*\}|\$\([A-Za-z_][\w.-]*\)|<[A-Za-z_][^<>\n]*>|<%[^\n]{0,200}%>|__[A-Za-z][A-Za-z0-9_]*?__|\$[A-Za-z_]\w*|%[sdvq](?![\w%])/;
const onlyHole = new RegExp(`^(?:${hole.source})$`);

/** True for text that another tool has still to fill in. */
export function hasHole(text: string): boolean {
  return hole.test(text) || text.includes('{{');
}

/** False for most documents, without a look at their objects. */
export function mayHaveHole(text: string): boolean {
  return hole.test(text);
}

/** True if a name or a host has a hole, or any other field is nothing but one. */
export function hasPlaceholder(root: YamlMap): boolean {
  return someScalar(root, '', (scalar, key) => matches(scalar, key, hole, onlyHole));
}

/** True for a Helm action: `{{` in plain text, or in a quoted name, host or whole value. In comments and other quoted text it is just text. */
export function hasTemplateAction(tree: YamlDocument, text: string): boolean {
  const quoted: YamlScalar[] = [];
  if (tree.root !== undefined) collectQuoted(tree.root, quoted);
  const isText = overlapWithAny([...tree.comments, ...quoted.map(({ span }) => span)]);
  for (let at = text.indexOf('{{'); at >= 0; at = text.indexOf('{{', at + 2)) {
    if (!isText({ start: at, end: at + 1 })) return true;
  }
  return (
    tree.root !== undefined && someScalar(tree.root, '', (scalar, key) => matches(scalar, key, /\{\{/, /^\{\{.*\}\}$/))
  );
}

/**
 * True only where `hasTemplateAction` is, and told from the text alone: a line begins with `{{` or is `key: {{`, and nothing above it
 * can open a quoted text or a block that would hold it. Comments are passed over.
 */
export function beginsWithTemplateAction(text: string): boolean {
  const last = text.lastIndexOf('{{');
  for (let start = 0; start <= last; start = nextLineStart(text, start)) {
    const line = text.slice(start, lineEnd(text, start));
    if (/^ *#/.test(line)) continue;
    const action = line.indexOf('{{');
    if (action >= 0) return /^ *(?:[\w./-]+: +)?$/.test(line.slice(0, action));
    if (/["'|>#]/.test(line)) return false;
  }
  return false;
}

function matches(scalar: YamlScalar, key: string, part: RegExp, whole: RegExp): boolean {
  if (typeof scalar.value !== 'string') return false;
  return namingKeys.has(key) ? part.test(scalar.value) : whole.test(scalar.value);
}

/** Items of a list count under the list's key. */
function someScalar(node: YamlNode, key: string, test: (scalar: YamlScalar, key: string) => boolean): boolean {
  if (node.kind === 'scalar') return test(node, key);
  if (node.kind === 'seq') return node.items.some((item) => someScalar(item, key, test));
  return node.entries.some(
    ({ key: name, value }) => !passedOver.has(String(name.value)) && someScalar(value, String(name.value), test),
  );
}

function collectQuoted(node: YamlNode, into: YamlScalar[]): void {
  if (node.kind === 'scalar') {
    if (node.style !== 'plain') into.push(node);
  } else if (node.kind === 'seq') {
    for (const item of node.items) collectQuoted(item, into);
  } else {
    for (const { key, value } of node.entries) {
      collectQuoted(key, into);
      collectQuoted(value, into);
    }
  }
}

/** `REGION_PLACEHOLDER`, `ab12...example.com`, `<host>`: to be filled in before anything is applied. */
export function isPlaceholder(text: string): boolean {
  return /\.\.\.|[<>$]|\b[A-Z][A-Z0-9]*_[A-Z0-9_]+/.test(text);
}
