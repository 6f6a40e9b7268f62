/** Why no request has a value. */
export interface NeverMatchingReason {
  /** Ends the sentence "VALUE never matches: ...". */
  readonly why: string;
  /** The value that was probably intended, if it is clear. */
  readonly suggestion?: string;
}
