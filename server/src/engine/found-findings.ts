// The rules' findings of each subject, by the document that they are reported in.
import { inOnePiece } from '../base/flat-text.ts';
import { IdTable } from '../base/id-table.ts';
import { membersOf, withMember, withoutMember, type Members } from '../base/members.ts';
import { withoutRoom } from '../base/without-room.ts';
import type { DocumentId } from '../model/resource.ts';
import type { RuleFinding } from '../rules/rule.ts';
import type { SubjectFinding } from './assemble.ts';

/** Of one subject, at least one; most documents have findings of one subject only. */
type OfSubject = readonly SubjectFinding[];

export class FoundFindings {
  readonly #byDocument = new IdTable<OfSubject | Map<number, OfSubject>>();
  readonly #documentsOf = new IdTable<NonNullable<Members<DocumentId>>>();
  /** By the document of a related place: the subjects whose findings show it. */
  readonly #relating = new Map<DocumentId, Members<number>>();
  readonly #relatedOf = new Map<number, Members<DocumentId>>();

  /** Replaces what was found for the subject; gives the documents that show something else now. */
  set(subject: number, findings: readonly SubjectFinding[]): readonly DocumentId[] {
    const before = this.delete(subject);
    for (const { finding } of findings) flatTexts(finding);
    let documents: Members<DocumentId>;
    for (const one of findings) documents = withMember(documents, documentOf(one));
    for (const document of membersOf(documents))
      this.#add(document, subject, withoutRoom(findings.filter((one) => documentOf(one) === document)));
    if (documents !== undefined) this.#documentsOf.set(subject, documents);
    this.#relate(subject, findings);
    return [...before, ...membersOf(documents)];
  }

  #add(document: DocumentId, subject: number, found: OfSubject): void {
    const present = this.#byDocument.get(document);
    if (present === undefined) this.#byDocument.set(document, found);
    else if (present instanceof Map) present.set(subject, found);
    else this.#byDocument.set(document, new Map([...bySubject(present), [subject, found]]));
  }

  /** Forgets the subject; gives the documents that showed something of it. */
  delete(subject: number): readonly DocumentId[] {
    for (const related of membersOf(this.#relatedOf.get(subject)))
      setOrDelete(this.#relating, related, withoutMember(this.#relating.get(related), subject));
    this.#relatedOf.delete(subject);
    const documents = [...membersOf(this.#documentsOf.get(subject))];
    this.#documentsOf.delete(subject);
    for (const document of documents) this.#remove(document, subject);
    return documents;
  }

  /** Only documents where it has findings. */
  #remove(document: DocumentId, subject: number): void {
    const present = this.#byDocument.get(document);
    if (present instanceof Map) present.delete(subject);
    if (!(present instanceof Map) || present.size === 0) this.#byDocument.delete(document);
  }

  #relate(subject: number, findings: readonly SubjectFinding[]): void {
    let documents: Members<DocumentId>;
    for (const { finding } of findings)
      for (const { resource } of finding.related ?? []) documents = withMember(documents, resource.document);
    if (documents === undefined) return;
    this.#relatedOf.set(subject, documents);
    for (const document of membersOf(documents))
      setOrDelete(this.#relating, document, withMember(this.#relating.get(document), subject));
  }

  /** Documents with findings that show a place of this one. */
  relatingTo(document: DocumentId): readonly DocumentId[] {
    return [...membersOf(this.#relating.get(document))].flatMap((subject) => [
      ...membersOf(this.#documentsOf.get(subject)),
    ]);
  }

  in(document: DocumentId): readonly SubjectFinding[] {
    const present = this.#byDocument.get(document);
    if (!(present instanceof Map)) return present ?? [];
    return [...present].sort(([a], [b]) => a - b).flatMap(([, findings]) => findings);
  }
}

function bySubject(found: OfSubject): readonly [number, OfSubject][] {
  return found.slice(0, 1).map(({ subject }) => [subject.id, found]);
}

function setOrDelete<K, V>(map: Map<K, Members<V>>, key: K, members: Members<V>): void {
  if (members === undefined) map.delete(key);
  else map.set(key, members);
}

function documentOf({ finding, subject }: SubjectFinding): DocumentId {
  return (finding.in ?? subject).document;
}

/** Messages are kept until their subject changes. */
function flatTexts({ message, related = [] }: RuleFinding): void {
  inOnePiece(message);
  for (const one of related) inOnePiece(one.message);
}
