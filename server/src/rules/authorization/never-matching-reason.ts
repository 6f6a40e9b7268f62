/** Why no request has a value. */
export interface NeverMatchingReason {
  /** Ends the sentence "VALUE never matches: ...". */
  readonly why: string;
  /** What was meant, where that is plain. */
  readonly suggestion?: string;
  /** Whether `meant` is only the nearest: what it then does is for the author to judge. */
  readonly isGuess?: true;
}
