// The findings of one document in an order that rests on what they show alone: which of their subjects was read or ran first depends on
// the edits before, and nothing that users see may.
import { compareText } from '../base/compare.ts';
import type { Span } from '../base/span.ts';
import type { AnyResource, DocumentId } from '../model/resource.ts';
import type { Related, RuleInfo, Severity } from '../rules/rule.ts';

/** What a rule said, before it has its severity and place. */
export interface Raw {
  readonly info: RuleInfo;
  /** From the start of the document. */
  readonly at: Span;
  readonly message: string;
  readonly data: unknown;
  readonly own: Severity | undefined;
  readonly related: readonly Related[] | undefined;
  readonly resource: AnyResource | undefined;
}

type Place = (document: DocumentId, at: Span) => { readonly uri: string; readonly span: Span } | undefined;

/** By place, rule and message, of which no two are the same. */
export function inOrder(raw: readonly Raw[]): readonly Raw[] {
  return raw.toSorted(
    (a, b) =>
      a.at.start - b.at.start ||
      a.at.end - b.at.end ||
      compareText(a.info.id, b.info.id) ||
      compareText(a.message, b.message),
  );
}

/** Several subjects can have the same to say of one place: the gravest is kept, and of these the one with the first related places. */
export function withoutCopies(raw: readonly Raw[], place: Place): readonly Raw[] {
  const kept = new Map<string, Raw>();
  for (const one of raw) {
    const key = `${one.info.id} ${one.at.start} ${one.at.end} ${one.message}`;
    const other = kept.get(key);
    if (!other || compareCopies(one, other, place) < 0) kept.set(key, one);
  }
  return [...kept.values()];
}

const gravity = { error: 0, warning: 1, information: 2, hint: 3 };

function compareCopies(a: Raw, b: Raw, place: Place): number {
  return (
    gravity[a.own ?? a.info.severity] - gravity[b.own ?? b.info.severity] ||
    compareLists(a.related ?? [], b.related ?? [], place) ||
    compareText(JSON.stringify(a.data) ?? '', JSON.stringify(b.data) ?? '')
  );
}

function compareLists(some: readonly Related[], others: readonly Related[], place: Place): number {
  for (const [i, one] of some.entries()) {
    const other = others[i];
    const order = other ? compareRelated(one, other, place) : 1;
    if (order !== 0) return order;
  }
  return some.length - others.length;
}

function compareRelated(a: Related, b: Related, place: Place): number {
  const [one, other] = [place(a.resource.document, a.at), place(b.resource.document, b.at)];
  return (
    compareText(one?.uri ?? '', other?.uri ?? '') ||
    (one?.span.start ?? 0) - (other?.span.start ?? 0) ||
    compareText(a.message, b.message)
  );
}
