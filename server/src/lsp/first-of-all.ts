// An edited file is published with all others, or before them where these take long: as soon as its own rules have run.

export class FirstOfAll {
  readonly #publish: () => void;
  #isDone = false;
  #isLate = false;

  constructor(publish: () => void) {
    this.#publish = publish;
  }

  /** Whether its own rules have run. */
  get isDone(): boolean {
    return this.#isDone;
  }

  done(): void {
    this.#isDone = true;
    if (this.#isLate) this.#publish();
  }

  late(): void {
    this.#isLate = true;
    if (this.#isDone) this.#publish();
  }
}
