// State of the cluster in use. `read-cluster.ts` fills it where programs can be run; elsewhere it stays empty.
import { EventEmitter, type Disposable } from 'vscode';
import type { Drift } from '../../../server/src/cluster/snapshot/drift.ts';
import type { Problem } from '../../../server/src/cluster/tools/problem.ts';
import type { Snapshot } from '../../../server/src/cluster/snapshot/snapshot.ts';

/** The target of commands that name no other. */
export interface LiveTarget {
  readonly context: string;
  readonly namespace: string;
  /** Whether a user chose it; else it is what the kubeconfig says. */
  readonly chosen: boolean;
  readonly server: string;
  readonly isProtected: boolean;
}

export class Live implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #target: LiveTarget | undefined;
  #snapshot: Snapshot | undefined;
  #drift: ReadonlyMap<string, Drift> | undefined;
  #problem: Problem | undefined;
  #reading = false;
  #forgotten = false;

  get target(): LiveTarget | undefined {
    return this.#target;
  }

  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  /** By `driftKey`; undefined until files and cluster were compared. */
  get drift(): ReadonlyMap<string, Drift> | undefined {
    return this.#drift;
  }

  /** Why the last reading failed; what was read before stays. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  get reading(): boolean {
    return this.#reading;
  }

  /** The user disconnected it: it is not read again until a command needs it. */
  get forgotten(): boolean {
    return this.#forgotten;
  }

  setTarget(target: LiveTarget | undefined): void {
    if (JSON.stringify(target) === JSON.stringify(this.#target)) return;
    this.#target = target;
    this.#changed.fire();
  }

  begin(): void {
    this.#reading = true;
    this.#changed.fire();
  }

  /** `isSame`: nothing in it is another than before, so what was compared still holds. */
  take(snapshot: Snapshot, isSame: boolean): void {
    this.#snapshot = snapshot;
    if (!isSame) this.#drift = undefined;
    this.#problem = undefined;
    this.#reading = false;
    this.#forgotten = false;
    this.#changed.fire();
  }

  fail(problem: Problem): void {
    this.#problem = problem;
    this.#reading = false;
    this.#changed.fire();
  }

  compare(drift: readonly Drift[] | undefined): void {
    this.#drift = drift && new Map(drift.map((one) => [driftKey(one.what === 'extra' ? one.live : one.file), one]));
    this.#changed.fire();
  }

  forget(): void {
    this.#forgotten = true;
    this.#snapshot = undefined;
    this.#drift = undefined;
    this.#problem = undefined;
    this.#reading = false;
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

export function driftKey({
  kind,
  namespace,
  name,
}: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${kind} ${namespace}/${name}`;
}
