// Whether another rule already reports a cause. Each result is computed once per version of the mesh.
import type { MeshIndex } from '../mesh/index/index-builder.ts';
import type { AnyResource } from '../model/resource.ts';
import type { IsReported, Rule } from '../rules/rule.ts';

type RecordKey = (key: string) => void;

interface Answer {
  readonly isReported: boolean;
  /** The keys that it depends on. Every rule that uses the result depends on them too. */
  readonly keys: readonly string[];
}

export class RuleAnswers {
  readonly #rulesOf: ReadonlyMap<string, readonly Rule[]>;
  readonly #index: MeshIndex;
  readonly #version: number;
  readonly #answers = new Map<string, Answer>();

  constructor(rulesByKind: ReadonlyMap<string, readonly Rule[]>, index: MeshIndex) {
    this.#rulesOf = rulesByKind;
    this.#index = index;
    this.#version = index.version;
  }

  /** Whether the mesh is still the one that was asked. */
  isOf(index: MeshIndex): boolean {
    return index === this.#index && index.version === this.#version;
  }

  /**
   * For a subject that records what it reads. A rule that is turned off still counts: a user who turned it off does not want another
   * rule to report the same fault.
   */
  isReported(record: RecordKey): IsReported {
    return (resource, ids) =>
      (this.#rulesOf.get(resource.kind) ?? []).some((rule) => {
        if (!ids.includes(rule.id)) return false;
        const { isReported, keys } = this.#answer(rule, resource);
        for (const key of keys) record(key);
        return isReported;
      });
  }

  #answer(rule: Rule, resource: AnyResource): Answer {
    const question = `${rule.id} ${resource.id}`;
    const known = this.#answers.get(question);
    if (known) return known;
    const keys = new Set<string>();
    const found = rule.check(
      resource,
      this.#index.view((key) => keys.add(key)),
      () => false,
    );
    const [first] = found;
    const answer = { isReported: first !== undefined, keys: [...keys] };
    this.#answers.set(question, answer);
    return answer;
  }
}
