// The refactorings that a place offers, and what one of them does: edits, and proof of what they change for requests.
import { contains, type Span } from '../../base/span.ts';
import { Draft, isEditable } from '../../engine/draft.ts';
import type { FileChange, FixHost } from '../../engine/apply-fix.ts';
import type { PlacedDocument } from '../../engine/placed-files.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { writtenHosts } from '../../mesh/hosts/hosts-of-entry.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { normalizeHost, overlapAsWritten } from '../../names/hosts.ts';
import { closeEgress } from './close-egress.ts';
import { migrateToWaypoint } from './migrate/migrate.ts';
import { moveToWaypoint } from './move-to-waypoint.ts';
import { differenceText, prove, type Proof } from './proof.ts';
import { mergeEntries } from './merge-entries.ts';
import { plainOf, type Offer, type Refactoring, type RefactoringKind } from './refactoring.ts';
import { selectorToTarget } from './selector-to-target.ts';
import { policyToRule, ruleToPolicy } from './backend-tls.ts';
import { splitEntry } from './split-entry.ts';
import { virtualServiceToRoute } from './virtual-service-to-route.ts';
import { tlsOrigination } from './tls-origination.ts';

const refactorings: readonly Refactoring[] = [
  tlsOrigination,
  splitEntry,
  mergeEntries,
  selectorToTarget,
  ruleToPolicy,
  policyToRule,
  virtualServiceToRoute,
  moveToWaypoint,
  migrateToWaypoint,
  closeEgress,
];

export interface OfferedRefactoring {
  readonly title: string;
  readonly kind: RefactoringKind;
}

export interface Refactored extends OfferedRefactoring {
  readonly changes: readonly FileChange[];
  readonly proof: Proof;
  /** What could not be carried over, one clause each. */
  readonly lost: readonly string[];
}

/** Cheap: nothing is computed but whether it applies. */
export function refactoringsAt(
  workspace: Workspace,
  host: FixHost,
  uri: string,
  range: Span,
): readonly OfferedRefactoring[] {
  return offersAt(workspace, host, uri, range).map(({ kind, offer: { title } }) => ({ kind, title }));
}

/** Undefined if it is not offered there any more, or cannot be done. */
export function refactor(
  workspace: Workspace,
  host: FixHost,
  uri: string,
  range: Span,
  title: string,
): Refactored | undefined {
  const found = offersAt(workspace, host, uri, range).find(({ offer }) => offer.title === title);
  const draft = new Draft(workspace, host);
  const lost = found?.offer.perform(draft);
  const changes = draft.changes();
  if (!found || !lost || changes.length === 0 || isRefused(workspace, draft, changes)) return undefined;
  const touched = new Set(changes.map((change) => change.uri));
  const isNear = nearTo([workspace.mesh, draft.mesh], touched);
  return { title, kind: found.kind, changes, lost, proof: prove(workspace.mesh, draft.mesh, isNear) };
}

/** Whether the API server would refuse an object that it takes today, or a new one. */
function isRefused(workspace: Workspace, draft: Draft, changes: readonly FileChange[]): boolean {
  const refusedIn = (documents: readonly PlacedDocument[]) =>
    documents.flatMap(({ record }) => record.resources.flatMap((one) => (one.refused ? [describe(one)] : [])));
  return changes.some(({ uri }) => {
    const before = refusedIn(workspace.documents(uri));
    return refusedIn(draft.documents(uri)).some((name) => !before.includes(name));
  });
}

function offersAt(
  workspace: Workspace,
  host: FixHost,
  uri: string,
  range: Span,
): readonly { readonly kind: RefactoringKind; readonly offer: Offer }[] {
  const found = isEditable(uri) ? subjectAt(workspace, uri, range) : undefined;
  // What the API server refuses is not in the mesh: no trace could tell a difference.
  if (!found || found.subject.refused) return [];
  const draft = new Draft(workspace, host);
  const asked = {
    mesh: workspace.writtenMesh,
    span: found.span,
    plainOf: (resource: AnyResource) => plainOf(draft, resource),
  };
  return refactorings.flatMap(({ kind, offers }) =>
    [...offers(found.subject, asked)].map((offer) => ({ kind, offer })),
  );
}

function subjectAt(
  workspace: Workspace,
  uri: string,
  range: Span,
): { readonly subject: AnyResource; readonly span: Span } | undefined {
  for (const { record, start } of workspace.documents(uri)) {
    if (!contains({ start, end: start + record.length }, range.start)) continue;
    const span = { start: range.start - start, end: range.end - start };
    const { resources } = record;
    const subject = resources.length === 1 ? resources[0] : resources.find(({ at }) => contains(at.whole, span.start));
    if (subject) return { subject, span };
  }
  return undefined;
}

/** Entries in a changed file, and those with a host that a changed file is about. */
function nearTo(meshes: readonly Mesh[], touched: ReadonlySet<string>): (entry: Resource<'ServiceEntry'>) => boolean {
  const rules = meshes.flatMap((mesh) => mesh.all('DestinationRule'));
  const routes = meshes.flatMap((mesh) => mesh.all('VirtualService'));
  const hosts = [
    ...rules.flatMap(({ uri, spec }) => (touched.has(uri) && spec.host ? [spec.host.value] : [])),
    ...routes.flatMap(({ uri, spec }) => (touched.has(uri) ? spec.hosts.map(({ value }) => value) : [])),
  ];
  const overlaps = overlapping(hosts);
  return (entry) => touched.has(entry.uri) || [...writtenHosts(entry).keys()].some(overlaps);
}

/** Whether a host in its normal form covers one of these, or the other way round. */
function overlapping(hosts: readonly string[]): (host: string) => boolean {
  const exact = new Set(hosts.map(normalizeHost));
  const wildcards = [...exact].filter((host) => host.startsWith('*'));
  return (host) =>
    exact.has(host) ||
    (host.startsWith('*') ? [...exact] : wildcards).some((pattern) => overlapAsWritten(pattern, host));
}

/** The most differences that are written out. */
const mostShown = 5;

/** What it changes for the known requests, and what it does not carry over, in a few clauses. */
export function effectText({ proof, lost }: Refactored): string {
  return [
    changesText(proof),
    ...(proof.isShort ? ['There are more requests than were followed'] : []),
    ...(lost.length > 0 ? [`Not carried over: ${lost.join('; ')}`] : []),
  ].join('. ');
}

function changesText({ compared, isShort, differences }: Proof): string {
  if (compared === 0) return 'No request is known that could show a difference';
  const known = `${compared}${isShort ? ' followed' : ' known'} request${compared === 1 ? '' : 's'}`;
  if (differences.length === 0) return `No change for ${known}`;
  const shown = differences.slice(0, mostShown).map(differenceText);
  const more = differences.length > mostShown ? [`and ${differences.length - mostShown} more`] : [];
  return `Changes ${differences.length} of ${known}: ${[...shown, ...more].join('; ')}`;
}
