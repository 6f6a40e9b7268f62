// The lines of a followed log, for the views that show them.
import { EventEmitter, type Disposable } from 'vscode';
import type { PodAccount } from '../../../server/src/cluster/objects/pod-accounts.ts';
import type { LogItem } from './log-table.ts';

/** Older lines are dropped. */
const most = 10_000;

/** With its number since the log began. */
export type StoredItem = LogItem & { readonly id: number };

export type LogChange =
  | { readonly kind: 'begin' }
  | { readonly kind: 'added'; readonly items: readonly StoredItem[] }
  /** It is followed no more. */
  | { readonly kind: 'stopped' };

/** What is followed. */
export interface LogSubject {
  /** Of its document. */
  readonly name: string;
  readonly title: string;
  /** A file of the folder whose manifests explain the lines. */
  readonly uri: string | null;
  /** Behind the addresses of clients, where the log is of a cluster. */
  readonly accounts?: () => Promise<readonly PodAccount[]>;
}

const nothing: LogSubject = { name: 'Gateway log', title: '', uri: null };

export class LogStore implements Disposable {
  readonly #changed = new EventEmitter<LogChange>();
  readonly onDidChange = this.#changed.event;
  #items: StoredItem[] = [];
  #subject = nothing;
  #stop: (() => void) | undefined;
  #turn = 0;
  #next = 0;

  get items(): readonly StoredItem[] {
    return this.#items;
  }

  get subject(): LogSubject {
    return this.#subject;
  }

  get isFollowing(): boolean {
    return this.#stop !== undefined;
  }

  /** Lines that are not here any more. */
  get dropped(): number {
    return this.#next - this.#items.length;
  }

  /** Another log; what was followed before is stopped. Gives whether it is still this one. */
  begin(subject: LogSubject, stop: () => void): () => boolean {
    this.stop();
    const turn = ++this.#turn;
    this.#stop = stop;
    this.#subject = subject;
    this.#items = [];
    this.#next = 0;
    this.#changed.fire({ kind: 'begin' });
    return () => this.#turn === turn;
  }

  /** Stops the stream; its owner reports the end. */
  stop(): void {
    if (!this.#stop) return;
    this.#stop();
    this.#stop = undefined;
    this.#changed.fire({ kind: 'stopped' });
  }

  end(note: string): void {
    this.add([{ note }]);
    if (!this.#stop) return;
    this.#stop = undefined;
    this.#changed.fire({ kind: 'stopped' });
  }

  add(items: readonly LogItem[]): void {
    const added = items.map((item): StoredItem => ({ ...item, id: this.#next++ }));
    this.#items = [...this.#items, ...added].slice(-most);
    this.#changed.fire({ kind: 'added', items: added });
  }

  itemOf(id: number): StoredItem | undefined {
    return this.#items[id - this.dropped];
  }

  dispose(): void {
    this.#stop?.();
    this.#changed.dispose();
  }
}
