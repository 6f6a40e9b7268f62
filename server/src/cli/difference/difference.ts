// What `diff` finds between two states, with places, for all its output formats.
import { accessChangesInSteps, type AccessChange } from '../../features/difference/access-changes.ts';
import { changedResources, type ChangedResource } from '../../features/difference/changed-resources.ts';
import { findingChanges, type FindingChanges } from '../../features/difference/finding-changes.ts';
import { requestChangesInSteps, type RequestChange } from '../../features/difference/request-changes.ts';
import { drained } from '../../base/steps.ts';
import { LineIndex } from '../../base/line-index.ts';
import type { Span } from '../../base/span.ts';
import type { Subject } from '../../eval/access/access-subjects.ts';
import { runEgressTestsInSteps } from '../../eval/run-egress-tests.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { isEgressTestName } from '../../sources/egress-test.ts';
import type { Arguments } from '../args.ts';
import { displayPath } from '../display-path.ts';
import { noteAnswering } from '../note-answering.ts';
import type { ReasonToFail } from '../option-table.ts';
import { placer, type Placed, type Placer } from '../position.ts';
import { reportOf } from '../report-of.ts';
import { isAtLeast, type Report, type ReportedFinding } from '../report.ts';
import type { RuleBook } from '../rule-book.ts';
import type { Side, Sides } from './sides.ts';

export interface Difference {
  readonly before: string;
  readonly after: string;
  readonly resources: readonly ReportedResource[];
  readonly access: readonly Caused<AccessChange>[];
  /** Every client of both states. */
  readonly subjects: readonly Subject[];
  readonly requests: readonly Caused<RequestChange>[];
  readonly expectations: readonly BrokenExpectation[];
  readonly findings: FindingChanges<ReportedFinding>;
  /** What was not compared, a sentence each. */
  readonly limits: readonly string[];
  /** Of the state after. */
  readonly report: Report;
}

export type Caused<T> = T & {
  /** Changed resources that decide; where none of those that decide was changed, those that stand behind the answer. */
  readonly causes: readonly Cause[];
};

export interface Cause extends Placed {
  readonly what: ResourceChange | 'unchanged';
}

type ResourceChange = 'added' | 'removed' | 'changed';

interface ReportedResource extends Placed {
  readonly what: ResourceChange;
}

interface BrokenExpectation {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly name: string;
  readonly message: string;
}

export function differenceOf({ before, after }: Sides, args: Arguments, book: RuleBook): Difference {
  const [was, is] = [before.loaded.workspace.mesh, after.loaded.workspace.mesh];
  const changed = changedResources(before.loaded, after.loaded);
  const causes = new Causes(changed, placer(before.loaded, before.host), placer(after.loaded, after.host));
  const noteStep = noteAnswering(after.host);
  const access = drained(accessChangesInSteps(was, is), noteStep);
  const requests = drained(requestChangesInSteps(was, is), noteStep);
  const [old, report] = [before, after].map((side) => reportOf(side.loaded, args, side.host, book)) as [Report, Report];
  return {
    before: before.name,
    after: after.name,
    resources: causes.resources,
    access: access.changes.map((one) => ({
      ...one,
      causes: causes.of(one.before?.because ?? [], one.after?.because ?? []),
    })),
    subjects: access.subjects,
    requests: requests.changes.map((one) => ({
      ...one,
      causes: causes.of(evidenceOf(one.before), evidenceOf(one.after)),
    })),
    expectations: brokenExpectations(before, after),
    findings: findingChanges(old.findings, report.findings),
    limits: [
      ...(access.isShort
        ? ['The tables of access are large: clients with the answer of their namespace are not listed by themselves.']
        : []),
      ...(requests.isShort ? [`Only the first ${requests.compared} declared requests were followed.`] : []),
    ],
    report,
  };
}

/** The reasons that hold, among those asked for. */
export function failures(found: Difference, reasons: readonly ReasonToFail[]): readonly ReasonToFail[] {
  const holds: Readonly<Record<ReasonToFail, boolean>> = {
    opened: found.access.some(({ opens }) => opens),
    bypass:
      found.access.some(({ bypasses }) => bypasses) || found.requests.some(({ after }) => after.verdict === 'bypasses'),
    'new-findings': found.findings.added.some(({ severity }) => isAtLeast(severity, 'warning')),
  };
  return reasons.filter((reason) => holds[reason]);
}

export function isEmpty({ access, requests, expectations, findings }: Difference): boolean {
  return [access, requests, expectations, findings.added, findings.fixed].every((list) => list.length === 0);
}

type Ground = { readonly resource: Resource; readonly span: Span };

function evidenceOf({ steps }: RequestChange['after']): readonly Ground[] {
  return steps.flatMap(({ evidence }) => evidence).toReversed();
}

/** More than these tell nobody what to look at. */
const mostCauses = 4;

class Causes {
  readonly resources: readonly ReportedResource[];
  readonly #places = new Map<string, ReportedResource>();
  readonly #before: Placer;
  readonly #after: Placer;

  constructor(changed: readonly ChangedResource[], before: Placer, after: Placer) {
    this.#before = before;
    this.#after = after;
    this.resources = changed.map((one) => {
      const placed = placeOf(one, before, after);
      this.#places.set(keyOf((one.after ?? one.before)!), placed);
      return placed;
    });
  }

  of(was: readonly Ground[], is: readonly Ground[]): readonly Cause[] {
    const decided = [
      ...is.map((ground) => ({ ground, place: this.#after })),
      ...was.map((ground) => ({ ground, place: this.#before })),
    ];
    const changed = decided.flatMap(({ ground, place }) => {
      const one = this.#places.get(keyOf(ground.resource));
      return one ? [{ ...(one.what === 'removed' ? one : place(ground.resource, ground.span)), what: one.what }] : [];
    });
    const unchanged = decided.map(({ ground, place }) => ({
      ...place(ground.resource, ground.span),
      what: 'unchanged' as const,
    }));
    const all: readonly Cause[] = changed.length > 0 ? changed : [...this.resources.slice(0, mostCauses), ...unchanged];
    const unique = new Map(all.map((cause) => [JSON.stringify([cause.resource, cause.what]), cause]));
    return [...unique.values()].slice(0, mostCauses);
  }
}

function placeOf({ before, after }: ChangedResource, placeBefore: Placer, placeAfter: Placer): ReportedResource {
  if (after) return { ...placeAfter(after, after.at.name), what: before ? 'changed' : 'added' };
  return { ...placeBefore(before!, before!.at.name), what: 'removed' };
}

function keyOf(resource: Resource | AnyResource): string {
  return describe(resource);
}

/** Those that fail after the change and did not fail before. */
function brokenExpectations(before: Side, after: Side): readonly BrokenExpectation[] {
  const failing = new Set(failedExpectations(before).map(({ file, name }) => JSON.stringify([file, name])));
  return failedExpectations(after).filter(({ file, name }) => !failing.has(JSON.stringify([file, name])));
}

function failedExpectations({ loaded, host }: Side): readonly BrokenExpectation[] {
  return [...loaded.workspace.uris]
    .filter(isEgressTestName)
    .sort()
    .flatMap((uri) => {
      const text = loaded.textOf(uri) ?? '';
      const lines = new LineIndex(text);
      return drained(runEgressTestsInSteps(text, loaded.workspace.mesh), noteAnswering(host))
        .results.filter(({ outcome }) => outcome === 'failed')
        .map(({ name, span, message }) => ({
          file: displayPath(uri, host),
          line: lines.positionAt(span.start).line + 1,
          name,
          message,
        }));
    });
}
