/** Why no request has a value. */
export interface NeverMatchingReason {
  /** Ends the sentence "VALUE never matches: ...". */
  readonly why: string;
  /** What was meant, where that is plain. */
  readonly suggestion?: string;
}
