// The rules' findings of each subject, by the document that they are reported in.
import type { DocumentId } from '../model/resource.ts';
import type { SubjectFinding } from './assemble.ts';

export class FoundFindings {
  readonly #byDocument = new Map<DocumentId, Map<number, readonly SubjectFinding[]>>();
  readonly #documentsOf = new Map<number, readonly DocumentId[]>();

  /** Replaces what was found for the subject; gives the documents that show something else now. */
  set(subject: number, findings: readonly SubjectFinding[]): readonly DocumentId[] {
    const before = this.delete(subject);
    const documents = [...new Set(findings.map(documentOf))];
    for (const document of documents) {
      const own = findings.filter((one) => documentOf(one) === document);
      const subjects = this.#byDocument.get(document) ?? new Map<number, readonly SubjectFinding[]>();
      this.#byDocument.set(document, subjects.set(subject, own));
    }
    if (documents.length > 0) this.#documentsOf.set(subject, documents);
    return [...before, ...documents];
  }

  /** Forgets the subject; gives the documents that showed something of it. */
  delete(subject: number): readonly DocumentId[] {
    const documents = this.#documentsOf.get(subject) ?? [];
    this.#documentsOf.delete(subject);
    for (const document of documents) {
      const subjects = this.#byDocument.get(document);
      subjects?.delete(subject);
      if (subjects?.size === 0) this.#byDocument.delete(document);
    }
    return documents;
  }

  in(document: DocumentId): readonly SubjectFinding[] {
    const subjects = this.#byDocument.get(document);
    return subjects ? [...subjects].sort(([a], [b]) => a - b).flatMap(([, findings]) => findings) : [];
  }
}

function documentOf({ finding, subject }: SubjectFinding): DocumentId {
  return (finding.in ?? subject).document;
}
