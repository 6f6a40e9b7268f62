// Which subjects wait for their rules to run, because something that they read may be different, and what rules found when they ran.
import { IdTable } from '../base/id-table.ts';
import { keysBehind, type KnownKey } from '../mesh/index/fact.ts';
import type { MeshIndex } from '../mesh/index/index-builder.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { AnyResource, DocumentId, Resource } from '../model/resource.ts';
import type { Rule } from '../rules/rule.ts';
import type { SubjectFinding } from './assemble.ts';
import { Dependents, isRead } from './dependents.ts';
import { FoundFindings } from './found-findings.ts';
import { reportedBy } from './rule-answers.ts';
import { runRules, type OnRuleError, type RuleStep } from './run-rules.ts';

/** About a millisecond's. */
const muchRead = 1000;

export interface RuleRunsOptions {
  readonly rules: readonly Rule[];
  /** As it is now. */
  readonly index: () => MeshIndex;
  readonly isOff: (rule: string, subject: AnyResource) => boolean;
  readonly onRuleError: OnRuleError;
  readonly recentSubjects?: number | undefined;
}

export class RuleRuns {
  readonly #options: RuleRunsOptions;
  readonly #rulesOf = new Map<string, Rule[]>();
  #dependents: Dependents;
  readonly #found = new FoundFindings();
  readonly #subjects = new IdTable<AnyResource>();
  readonly #waiting = new Set<number>();
  /** Files whose subjects come before all others, and who is told when these have run. */
  readonly #first = new Map<string, () => void>();

  constructor(options: RuleRunsOptions) {
    this.#options = options;
    this.#dependents = this.#newDependents();
    for (const rule of options.rules)
      for (const kind of rule.subjects) this.#rulesOf.set(kind, [...(this.#rulesOf.get(kind) ?? []), rule]);
  }

  #newDependents(): Dependents {
    return new Dependents(this.#options.index().known, this.#options.recentSubjects);
  }

  get subjects(): Iterable<AnyResource> {
    return this.#subjects.values();
  }

  subject(id: number): AnyResource | undefined {
    return this.#subjects.get(id);
  }

  /** Right after a resource was added to the index. */
  add(resource: AnyResource): void {
    this.#subjects.set(resource.id, resource);
    if (!this.#dependents.isEmpty) this.wake(this.#options.index().keysOf(resource));
    this.#waiting.add(resource.id);
  }

  /** Right before a resource is removed from the index; gives the documents that showed findings of it. */
  drop(resource: AnyResource): readonly DocumentId[] {
    this.wake(this.#options.index().keysOf(resource));
    this.#dependents.delete(resource.id);
    this.#subjects.delete(resource.id);
    this.#waiting.delete(resource.id);
    return this.#found.delete(resource.id);
  }

  /** Those who read one of these keys. */
  wake(keys: Iterable<string>): void {
    for (const key of keys) for (const reader of this.#dependents.readers(key)) this.#waiting.add(reader);
  }

  /** Of an index that takes the place of another, nothing is read yet. */
  waitAll(): void {
    this.#dependents = this.#newDependents();
    for (const { id } of this.#subjects.values()) this.#waiting.add(id);
  }

  /**
   * Takes one after the other, those of the file `first` before all others. Those that are woken meanwhile come too. `undefined` is a
   * step of another kind: a fact was checked that subjects rest on.
   */
  *waiting(first: string | undefined, firstDone: () => void): Generator<AnyResource | undefined> {
    if (first !== undefined) this.#first.set(first, firstDone);
    do {
      yield* this.#ofFirstFiles();
      yield* this.#checkedFacts();
      if (first !== undefined) yield* this.#waitingIn(first);
      for (const id of this.#waiting) {
        if (this.#first.size > 0 || this.#options.index().facts.areInDoubt) break;
        yield* this.#take(id);
        yield* this.#lettingGo();
      }
    } while (this.#waiting.size > 0 || this.#options.index().facts.areInDoubt);
  }

  /** An edit meanwhile can name one more. */
  *#ofFirstFiles(): Generator<AnyResource | undefined> {
    for (const [file, done] of this.#first) {
      yield* this.#waitingIn(file);
      this.#first.delete(file);
      done();
    }
  }

  *#checkedFacts(): Generator<undefined> {
    for (const changed of this.#options.index().facts.checked(isRead)) {
      if (changed !== undefined) this.wake([changed.key]);
      yield undefined;
      if (this.#first.size > 0) return;
    }
  }

  /** An edit meanwhile ends it: what is left stays. */
  *#lettingGo(): Generator<undefined> {
    const work = this.#dependents.lettingGo();
    while (!this.#options.index().facts.areInDoubt && !work.next().done) yield undefined;
  }

  *#waitingIn(file: string): Generator<AnyResource | undefined> {
    for (const id of this.#waiting) {
      const subject = this.#subjects.get(id);
      if (subject?.uri !== file) continue;
      yield* this.#options.index().facts.marking();
      yield* this.#take(id);
    }
  }

  *#take(id: number): Generator<AnyResource> {
    this.#waiting.delete(id);
    const subject = this.#subjects.get(id);
    if (subject) yield subject;
  }

  /**
   * Gives the documents that show something else now. There are steps where the rules read much, or make them. A subject whose run is given up, or that an edit
   * meets between two steps, waits again.
   */
  *run(subject: AnyResource): Generator<undefined, readonly DocumentId[]> {
    const index = this.#options.index();
    const { version } = index;
    const isOutdated = () => this.#options.index() !== index || index.version !== version;
    const read = new Set<KnownKey>();
    let documents: readonly DocumentId[] | undefined;
    let since = index.read;
    try {
      const work = this.#runRules(
        subject,
        index.view((key) => void read.add(key)),
      );
      let next = work.next();
      for (; !next.done; next = work.next()) {
        if (next.value === 'after a rule' && index.read < since + muchRead) continue;
        yield undefined;
        if (isOutdated()) return [];
        since = index.read;
      }
      for (const _ of this.#dependents.setting(subject.id, read)) {
        yield undefined;
        if (isOutdated()) return [];
      }
      documents = this.#found.set(subject.id, next.value);
      return documents;
    } finally {
      if (!documents) index.known.release(read);
      read.clear(); // facts hold on to views
      if (!documents && this.#subjects.get(subject.id)) this.#waiting.add(subject.id);
    }
  }

  #runRules(subject: AnyResource, mesh: Mesh): Generator<RuleStep, readonly SubjectFinding[]> {
    const { isOff, onRuleError } = this.#options;
    const { facts } = this.#options.index();
    return runRules(subject, this.#rulesOf.get(subject.kind) ?? [], {
      mesh,
      isReported: reportedBy(this.#rulesOf, mesh),
      isOff: (rule) => isOff(rule, subject),
      onRuleError,
      refusing: (tries, work) => facts.refusing(tries, work),
      ready: (error) => facts.ready(error),
    });
  }

  /** Findings that are shown in a document. */
  foundIn(document: DocumentId): readonly SubjectFinding[] {
    return this.#found.in(document);
  }

  /** Documents with findings that show a place of this one. */
  relatingTo(document: DocumentId): readonly DocumentId[] {
    return this.#found.relatingTo(document);
  }

  /** When its rules last ran, with those behind the facts that they asked for. */
  keysReadBy({ id }: Pick<Resource, 'id'>): readonly string[] {
    return [...new Set(this.#dependents.keysOf(id).flatMap((key) => [...keysBehind(key)]))];
  }
}
