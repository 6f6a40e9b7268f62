// Applies each fix of each finding of a mesh by itself, under all rules and schemas, and says what is wrong with it.
import { applyFix, type FixHost } from '../../server/src/engine/apply-fix.ts';
import { shippedRules } from '../../server/src/engine/analyze.ts';
import type { Finding } from '../../server/src/engine/finding.ts';
import { fixesFor } from '../../server/src/engine/fixes.ts';
import type { Workspace } from '../../server/src/engine/workspace.ts';
import type { Fix } from '../../server/src/rules/rule.ts';
import type { FileFacts } from '../../server/src/sources/file-facts.ts';
import { comesToLight, nameOf } from './light-of.ts';

export interface TriedMesh {
  readonly workspace: Workspace;
  readonly texts: Map<string, string>;
  readonly facts: ReadonlyMap<string, FileFacts>;
  readonly findings: readonly Finding[];
  /** The resources that were there before any fix, by kind and name. */
  readonly known: ReadonlySet<string>;
}

/** The workspace has these files already. */
export function triedMesh(workspace: Workspace, texts: Map<string, string>): TriedMesh {
  const known = [...workspace.uris].flatMap((uri) =>
    workspace
      .documents(uri)
      .flatMap(({ record }) => record.resources.map(({ written, name }) => nameOf({ kind: written.kind, name }))),
  );
  const facts = new Map([...workspace.uris].map((uri) => [uri, workspace.facts(uri)]));
  return { workspace, texts, facts, findings: findingsOf(workspace), known: new Set(known) };
}

/** The faults of all fixes, and how many fixes there are. The mesh is left as it was. */
export function tryFixes(mesh: TriedMesh): { readonly fixes: number; readonly faults: readonly string[] } {
  const offered = mesh.findings.flatMap((finding) =>
    fixesFor(finding, mesh.workspace, shippedRules, (uri) => mesh.texts.get(uri)).map((fix) => ({ finding, fix })),
  );
  return { fixes: offered.length, faults: offered.flatMap(({ finding, fix }) => tried(mesh, finding, fix)) };
}

interface Applied {
  /** As it was found again: undoing a change reads its file anew, under other ids. */
  readonly finding: Finding;
  readonly fix: Fix;
  readonly host: FixHost;
}

/** What `look` sees once the fix is applied; then the mesh is as it was. Otherwise the reason why it cannot be applied. */
export function withFix<T>(
  mesh: TriedMesh,
  before: Finding,
  title: string,
  look: (applied: Applied) => T,
): T | { readonly why: string } {
  const { workspace, texts } = mesh;
  const finding = findingsOf(workspace).find((one) => placed(one) === placed(before));
  if (!finding) return { why: `${show(before)} is not there again` };
  const textOf = (uri: string) => texts.get(uri);
  const fix = fixesFor(finding, workspace, shippedRules, textOf).find((one) => one.title === title);
  const host: FixHost = {
    textOf,
    exists: (uri) => texts.has(uri),
    documentAt: (id) => workspace.documentAt(id),
  };
  const after = fix && applyFix(fix, host);
  if (!fix || !after) return { why: `"${title}" cannot be applied to ${show(before)}` };
  if ([...after].every(([uri, text]) => texts.get(uri) === text))
    return { why: `"${title}" changes nothing for ${show(before)}` };
  const old = new Map([...after.keys()].map((uri) => [uri, texts.get(uri)]));
  write(mesh, after);
  const seen = look({ finding, fix, host });
  write(mesh, old);
  return seen;
}

function tried(mesh: TriedMesh, before: Finding, { title }: Fix): readonly string[] {
  const faults = withFix(mesh, before, title, ({ finding, fix, host }) => {
    const found = findingsOf(mesh.workspace);
    return [
      ...(count(found, key, finding) < count(mesh.findings, key, finding)
        ? []
        : [`"${title}" does not end ${show(finding)}`]),
      ...started(mesh, finding, found).map((other) => `"${title}" of ${show(finding)} starts ${show(other)}`),
      ...(fix.changes.every(({ op }) => op === 'create-file' || op === 'append-document') ||
      applyFix(fix, host) === undefined
        ? []
        : [`"${title}" can be applied twice`]),
    ];
  });
  return 'why' in faults ? [faults.why] : faults;
}

/** What is there with the fix and was not before, apart from what comes to light. */
function started({ findings, known }: TriedMesh, fixed: Finding, found: readonly Finding[]): readonly Finding[] {
  return found.filter(
    (other) =>
      count(found, subject, other) > count(findings, subject, other) &&
      // Settings that move into several ports have one fault at each.
      count(findings, key, other) === 0 &&
      !isToldElsewhere(other, findings) &&
      !comesToLight(fixed, other, known),
  );
}

/** A request that failed before may fail at another place, for another reason. */
function isToldElsewhere({ rule, message }: Finding, findings: readonly Finding[]): boolean {
  const [request] = message.split(' fails');
  return (
    rule === 'request-fails' && findings.some((one) => one.rule === rule && one.message.split(' fails')[0] === request)
  );
}

function write({ workspace, texts, facts }: TriedMesh, files: ReadonlyMap<string, string | undefined>): void {
  for (const [uri, text] of files) {
    if (text === undefined) {
      texts.delete(uri);
      workspace.removeFile(uri);
    } else {
      texts.set(uri, text);
      workspace.setFile(uri, text, facts.get(uri));
    }
  }
  workspace.refresh();
}

function findingsOf(workspace: Workspace): readonly Finding[] {
  return [...workspace.uris].flatMap((uri) => workspace.findings(uri));
}

function count(findings: readonly Finding[], by: (finding: Finding) => string, like: Finding): number {
  return findings.filter((one) => by(one) === by(like)).length;
}

function key({ rule, uri, message }: Finding): string {
  return JSON.stringify([rule, uri, message]);
}

function placed(finding: Finding): string {
  const { line, character } = finding.range.start;
  return `${key(finding)} ${line}:${character}`;
}

/** A fix may move or rename what it mends. */
function subject({ rule, uri, resource }: Finding): string {
  return JSON.stringify([rule, uri, resource?.kind]);
}

export function show({ rule, message, uri, range }: Finding): string {
  return `[${rule}] "${message}" at ${uri.replace(/.*\//, '')}:${range.start.line + 1}`;
}
