// The rules' findings of each subject, by the document that they are reported in.
import { inOnePiece } from '../base/flat-text.ts';
import type { DocumentId } from '../model/resource.ts';
import type { RuleFinding } from '../rules/rule.ts';
import type { SubjectFinding } from './assemble.ts';

export class FoundFindings {
  readonly #byDocument = new Map<DocumentId, Map<number, readonly SubjectFinding[]>>();
  readonly #documentsOf = new Map<number, readonly DocumentId[]>();
  /** By the document of a related place: the subjects whose findings show it. */
  readonly #relating = new Map<DocumentId, Set<number>>();
  readonly #relatedOf = new Map<number, readonly DocumentId[]>();

  /** Replaces what was found for the subject; gives the documents that show something else now. */
  set(subject: number, findings: readonly SubjectFinding[]): readonly DocumentId[] {
    const before = this.delete(subject);
    for (const { finding } of findings) flatTexts(finding);
    const documents = [...new Set(findings.map(documentOf))];
    for (const document of documents) {
      const own = findings.filter((one) => documentOf(one) === document);
      const subjects = this.#byDocument.get(document) ?? new Map<number, readonly SubjectFinding[]>();
      this.#byDocument.set(document, subjects.set(subject, own));
    }
    if (documents.length > 0) this.#documentsOf.set(subject, documents);
    this.#relate(subject, findings);
    return [...before, ...documents];
  }

  /** Forgets the subject; gives the documents that showed something of it. */
  delete(subject: number): readonly DocumentId[] {
    const documents = this.#documentsOf.get(subject) ?? [];
    this.#documentsOf.delete(subject);
    for (const related of this.#relatedOf.get(subject) ?? []) {
      const subjects = this.#relating.get(related);
      subjects?.delete(subject);
      if (subjects?.size === 0) this.#relating.delete(related);
    }
    this.#relatedOf.delete(subject);
    for (const document of documents) {
      const subjects = this.#byDocument.get(document);
      subjects?.delete(subject);
      if (subjects?.size === 0) this.#byDocument.delete(document);
    }
    return documents;
  }

  #relate(subject: number, findings: readonly SubjectFinding[]): void {
    const related = new Set(
      findings.flatMap(({ finding }) => (finding.related ?? []).map(({ resource }) => resource.document)),
    );
    if (related.size === 0) return;
    this.#relatedOf.set(subject, [...related]);
    for (const document of related) {
      const subjects = this.#relating.get(document) ?? new Set();
      this.#relating.set(document, subjects.add(subject));
    }
  }

  /** Documents with findings that show a place of this one. */
  relatingTo(document: DocumentId): readonly DocumentId[] {
    return [...(this.#relating.get(document) ?? [])].flatMap((subject) => this.#documentsOf.get(subject) ?? []);
  }

  in(document: DocumentId): readonly SubjectFinding[] {
    const subjects = this.#byDocument.get(document);
    return subjects ? [...subjects].sort(([a], [b]) => a - b).flatMap(([, findings]) => findings) : [];
  }
}

function documentOf({ finding, subject }: SubjectFinding): DocumentId {
  return (finding.in ?? subject).document;
}

/** Messages are kept until their subject changes. */
function flatTexts({ message, related = [] }: RuleFinding): void {
  inOnePiece(message);
  for (const one of related) inOnePiece(one.message);
}
