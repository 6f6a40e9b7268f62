// What rules ask about other rules, each answer found once per refresh: the mesh does not change meanwhile.
import type { MeshIndex } from '../mesh/index/index-builder.ts';
import type { AnyResource } from '../model/resource.ts';
import type { IsTold, Rule } from '../rules/rule.ts';

type RecordKey = (key: string) => void;

interface Answer {
  readonly isTold: boolean;
  /** The keys it rests on. Whoever asks again depends on them too. */
  readonly keys: readonly string[];
}

export class AskedRules {
  readonly #rulesOf: ReadonlyMap<string, readonly Rule[]>;
  readonly #index: MeshIndex;
  readonly #answers = new Map<string, Answer>();

  constructor(rulesByKind: ReadonlyMap<string, readonly Rule[]>, index: MeshIndex) {
    this.#rulesOf = rulesByKind;
    this.#index = index;
  }

  /**
   * For a subject that records what it reads. A rule that is turned off still counts: whoever turned it off does not want to hear
   * of its fault from another one.
   */
  isTold(record: RecordKey): IsTold {
    return (resource, ids) =>
      (this.#rulesOf.get(resource.kind) ?? []).some((rule) => {
        if (!ids.includes(rule.id)) return false;
        const { isTold, keys } = this.#answer(rule, resource);
        for (const key of keys) record(key);
        return isTold;
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
    const answer = { isTold: first !== undefined, keys: [...keys] };
    this.#answers.set(question, answer);
    return answer;
  }
}
