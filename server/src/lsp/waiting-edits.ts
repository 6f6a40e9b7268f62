// Edits whose findings are still to come. Several in a row are one, and long work waits until they are told.

/** What an editor asks together with an edit is answered before the rules run. */
const afterTypingMs = 1;

export class WaitingEdits<Folder> {
  readonly #check: (first: string) => void;
  /** Files that were edited since the rules ran. */
  #edited = new Map<string, Folder>();
  #checking: Promise<void> | undefined;

  /** `check` takes what waits and runs the rules for it; `first` is the file that was edited first. */
  constructor(check: (first: string) => void) {
    this.#check = check;
  }

  add(uri: string, folder: Folder): void {
    this.#edited.set(uri, folder);
    this.#checking ??= new Promise((resolve) =>
      setTimeout(() => {
        this.#checking = undefined;
        const [first] = this.#edited.keys();
        if (first !== undefined) this.#check(first);
        resolve();
      }, afterTypingMs),
    );
  }

  has(uri: string): boolean {
    return this.#edited.has(uri);
  }

  take(): ReadonlyMap<string, Folder> {
    const edited = this.#edited;
    this.#edited = new Map();
    return edited;
  }

  /**
   * Between two slices of long work: lets messages through, and what they edit is checked and told before the next slice, so that a key waits for
   * one slice at most. Only for one edit, so that someone who never stops to type does not stop the work.
   */
  async pause(letThrough: () => Promise<void>): Promise<void> {
    await letThrough();
    if (!this.#checking) return;
    await this.#checking;
    await letThrough();
  }
}
