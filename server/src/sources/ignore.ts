// The file and folder names that a walk skips.
import { literal, re2 } from '../base/patterns/re2.ts';
import type { Matcher } from '../base/patterns/matcher.ts';

const skippedFolders: ReadonlySet<string> = new Set(['node_modules', 'bower_components', 'vendor', '__pycache__']);

/** Folders of tools and of other users' code: hidden ones, `node_modules`, `vendor`. */
export function isSkippedFolder(name: string): boolean {
  return name.startsWith('.') || skippedFolders.has(name);
}

/** True for a name that manifests, or what says something of manifests, may have. */
export function isManifestName(name: string): boolean {
  return (/\.(ya?ml|json)$/i.test(name) && !name.startsWith('.') && !otherFiles.has(name)) || name === 'Kustomization';
}

/** Large and common, and never manifests. */
const otherFiles: ReadonlySet<string> = new Set([
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'pnpm-lock.yaml',
  'composer.json',
]);

/** Turns patterns of an ignore setting into one test of a path below the root: `*` within a name, `**` across folders; a bare name is any depth. */
export function ignoreTest(patterns: readonly string[]): (relative: string) => boolean {
  if (patterns.length === 0) return () => false;
  const tests = patterns.flatMap((pattern) => testOf(pattern) ?? []);
  return (relative) => tests.some((test) => test(relative) === true);
}

/** Undefined for a pattern of a length that no path has. */
function testOf(pattern: string): Matcher | undefined {
  const expression = re2(`(?s)${source(pattern)}(/.*)?`);
  return expression.kind === 'valid' ? expression.matches : undefined;
}

function source(pattern: string): string {
  const trimmed = pattern.replace(/^\.?\//, '').replace(/\/$/, '');
  const anywhere = trimmed.includes('/') || pattern.startsWith('/') ? trimmed : `**/${trimmed}`;
  return anywhere
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => wildcards[part] ?? literal(part))
    .join('');
}

const wildcards: Readonly<Record<string, string>> = { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };
