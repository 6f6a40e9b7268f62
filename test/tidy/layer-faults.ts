// The layers of the house, as a table and the faults against it.
import { allImports, importsOf, type Import, type Tree } from './source-tree.ts';

const source = 'server/src/';

/** What each layer may import besides itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  // Forms of names and what they match: it knows nothing but text, and whatever reads or compares a name knows it.
  names: [],
  yaml: ['base'],
  // Pictures of plain data: pages of the client draw with it too.
  diagram: ['base'],
  model: ['base', 'names', 'yaml'],
  schema: ['base', 'names', 'yaml', 'model'],
  sources: ['base', 'names', 'yaml', 'model', 'settings'],
  // The record of mesh settings: plain data that sources fill in and that the mesh reads, so it stands below both.
  settings: ['model'],
  mesh: ['base', 'names', 'model', 'sources', 'settings'],
  eval: ['base', 'names', 'model', 'sources', 'mesh', 'settings'],
  // What names what: it reads trees, as a name that is being written is in no resource yet.
  references: ['base', 'names', 'yaml', 'model', 'mesh'],
  rules: ['base', 'names', 'yaml', 'model', 'mesh', 'eval', 'schema', 'settings', 'references'],
  engine: ['base', 'names', 'yaml', 'model', 'schema', 'sources', 'mesh', 'eval', 'rules', 'settings'],
  features: [
    'base',
    'diagram',
    'names',
    'yaml',
    'model',
    'schema',
    'sources',
    'mesh',
    'eval',
    'references',
    'rules',
    'engine',
    'settings',
  ],
  cluster: ['base', 'names', 'model'],
  lsp: [
    'base',
    'diagram',
    'yaml',
    'model',
    'schema',
    'sources',
    'mesh',
    'eval',
    'rules',
    'engine',
    'features',
    'settings',
  ],
  cli: [
    'base',
    'diagram',
    'yaml',
    'model',
    'schema',
    'sources',
    'mesh',
    'eval',
    'rules',
    'engine',
    'features',
    'cluster',
    'settings',
  ],
  host: ['base', 'yaml', 'model', 'schema', 'sources', 'mesh', 'engine', 'cluster', 'lsp', 'cli', 'settings'],
  main: ['sources', 'engine', 'rules', 'lsp', 'cli', 'host', 'package.json'],
  client: ['base', 'cluster', 'diagram'],
};

/** Files outside its own folder that the client may know, besides `base`, `cluster` and `diagram`. */
const clientMayImport: readonly string[] = [
  `${source}lsp/protocol.ts`,
  // Istio's names for labels: constants, and nothing of how manifests are read.
  `${source}model/label-names.ts`,
  `${source}host/node/run.ts`,
  `${source}host/node/find-executable.ts`,
];

/** The layer of a path; undefined for packages and for files outside the product. */
export function layerOf(path: string): string | undefined {
  if (path.startsWith('client/')) return 'client';
  if (path === 'package.json') return path;
  if (path === `${source}mesh/settings.ts`) return 'settings';
  if (/^server\/src\/main-[\w-]+\.ts$/.test(path)) return 'main';
  return path.startsWith(source) ? path.slice(source.length).split('/')[0] : undefined;
}

/** One sentence per fault. */
export function layerFaults(tree: Tree): readonly string[] {
  return allImports(productOf(tree)).flatMap((one) =>
    [...direction(one), ...platform(one), ...siblings(one, tree)].map((why) => `${one.from} imports ${one.to}: ${why}`),
  );
}

function productOf(tree: Tree): Tree {
  return new Map([...tree].filter(([path]) => layerOf(path) !== undefined && !path.endsWith('.test.ts')));
}

function direction({ from, to }: Import): readonly string[] {
  const layer = layerOf(from)!;
  const target = layerOf(to);
  if (!(layer in mayImport)) return [`the layer ${layer} is not in the table`];
  if (target === undefined || target === layer)
    return /^(server|client|test)\//.test(to) && target === undefined ? ['it is no part of the product'] : [];
  if (layer === 'client' && (clientMayImport.includes(to) || to.startsWith(`${source}lsp/protocol/`))) return [];
  return mayImport[layer]!.includes(target) ? [] : [`${layer} may not know ${target}`];
}

function platform({ from, to }: Import): readonly string[] {
  const layer = layerOf(from)!;
  if (to.startsWith('node:') && !from.startsWith(`${source}host/node/`) && layer !== 'main' && layer !== 'client')
    return ['only host/node, the entries and the client know Node'];
  if (to.startsWith('vscode') && !['lsp', 'client', 'main'].includes(layer))
    return ['only lsp, the entries and the client know VS Code'];
  if (to === 'vscode' && layer !== 'client') return ['only the client runs in VS Code'];
  return [];
}

function siblings({ from, to }: Import, tree: Tree): readonly string[] {
  if (isRule(to, tree) && !from.endsWith('.gen.ts')) return ['no rule is imported but by the registry'];
  const isFeature = (path: string) => /^server\/src\/features\/(assists\/)?[^/]+\.ts$/.test(path);
  return isFeature(from) && isFeature(to) ? ['no feature imports a feature'] : [];
}

/** A file that defines a rule, as told from one that helps rules. */
function isRule(path: string, tree: Tree): boolean {
  return (
    /^server\/src\/rules\/[^/]+\/[^/]+\.ts$/.test(path) && /\bdefine(Document)?Rule[(<]/.test(tree.get(path) ?? '')
  );
}

/** What an entry that has to run in a browser brings with it and must not: each with the way that leads there. */
export function browserFaults(tree: Tree, entry: string): readonly string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const { to } of importsOf(path, tree.get(path) ?? '')) {
      if (to.startsWith('node:') || to.includes('/host/node/') || /^vscode-language(server|client)\/node/.test(to))
        faults.push(`${[...way, path].join(' > ')} > ${to}`);
      else if (tree.has(to)) visit(to, [...way, path]);
    }
  };
  visit(entry, []);
  return faults;
}

/** Files that import each other in a circle, types too: of each knot one shortest way round, so that it can be read. */
export function importCircles(tree: Tree): readonly string[] {
  const imports = new Map([...tree].map(([path, text]) => [path, importedFiles(path, text, tree)]));
  const found = new Map<string, string>();
  for (const path of imports.keys()) {
    const way = wayBack(path, imports);
    // The same circle is met once from each of its files, and is reported once.
    if (way) found.set([...way].sort().join(' '), [...way, path].join(' > '));
  }
  return [...found.values()].sort();
}

function importedFiles(path: string, text: string, tree: Tree): readonly string[] {
  return [...new Set(importsOf(path, text).map(({ to }) => to))].filter((to) => tree.has(to));
}

/** The shortest way from a file to itself; undefined where none leads back. */
function wayBack(start: string, imports: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[start, undefined]]);
  for (const path of cameFrom.keys()) {
    for (const to of imports.get(path) ?? []) {
      if (to === start) return wayTo(path, cameFrom);
      if (!cameFrom.has(to)) cameFrom.set(to, path);
    }
  }
  return undefined;
}

function wayTo(end: string, cameFrom: ReadonlyMap<string, string | undefined>): readonly string[] {
  const way: string[] = [];
  for (let path: string | undefined = end; path !== undefined; path = cameFrom.get(path)) way.unshift(path);
  return way;
}
