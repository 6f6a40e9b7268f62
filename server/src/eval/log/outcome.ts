import type { Denial } from './details.ts';

/** `answered`: the upstream's answer, whatever its status; `connected`: a connection was opened; `denied`: by a policy; `failed`: anything else. */
export type LogOutcome = 'answered' | 'denied' | 'failed' | 'connected';

export interface Headline {
  readonly outcome: LogOutcome;
  /** `GET /x at example.com:80`, or `Connection to example.com:443`. */
  readonly request: string;
  /** `502, blocked: no ServiceEntry …`: the status and the cause, one or two sentences. */
  readonly result: string;
  readonly denial: Denial | undefined;
}
