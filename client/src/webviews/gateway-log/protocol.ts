// The messages of the Gateway Log.
import {
  flag,
  listOf,
  nullable,
  object,
  oneOf,
  optional,
  text,
  wholeNumber,
} from '../../../../server/src/lsp/protocol/read.ts';
import { range, type Evidence } from '../../../../server/src/lsp/protocol/shared.ts';
import type { ExplainedLine } from '../../../../server/src/lsp/protocol/egress.ts';
import type { Protocol } from '../kit/protocol.ts';

/** A line of the log; a note on the following itself has only `words`. */
export interface LogRow {
  /** Since the log began. */
  readonly id: number;
  readonly outcome?: ExplainedLine['outcome'];
  readonly time: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly status: string;
  readonly policy: string;
  readonly flags: string;
  readonly words: string;
  readonly pod: string;
}

export interface LogState {
  /** Empty: no log was followed yet. */
  readonly title: string;
  readonly isFollowing: boolean;
  readonly dropped: number;
}

export interface LogDetails extends Pick<ExplainedLine, 'summary' | 'line' | 'fields' | 'notes'> {
  readonly id: number;
  readonly links: readonly LogLink[];
  /** Title of what is proposed; `null` where nothing is. */
  readonly proposal: string | null;
  /** The host without a ServiceEntry; `null` where there is one, or no name. */
  readonly unknownHost: string | null;
}

interface LogLink extends Pick<Evidence, 'uri' | 'range'> {
  readonly label: string;
  readonly message: string;
}

interface ToPage {
  /** Everything from the beginning. */
  readonly all: { readonly state: LogState; readonly rows: readonly LogRow[] };
  readonly added: { readonly state: LogState; readonly rows: readonly LogRow[] };
  readonly state: LogState;
  readonly details: LogDetails;
}

interface ToHost {
  readonly select: { readonly id: number };
  readonly open: Pick<Evidence, 'uri' | 'range'>;
  readonly propose: { readonly id: number };
  readonly declare: { readonly id: number };
  readonly stop: object;
  readonly follow: object;
  readonly learn: object;
  readonly asText: object;
}

const row = object<LogRow>({
  id: wholeNumber,
  outcome: optional(oneOf('answered', 'denied', 'failed', 'connected')),
  time: text,
  method: text,
  host: text,
  path: text,
  status: text,
  policy: text,
  flags: text,
  words: text,
  pod: text,
});
const state = object<LogState>({ title: text, isFollowing: flag, dropped: wholeNumber });
const field = object<LogDetails['fields'][number]>({ name: text, value: text, meaning: text });
const rows = object<ToPage['all']>({ state, rows: listOf(row) });
const one = object<{ id: number }>({ id: wholeNumber });
const nothing = object<object>({});

export const gatewayLogProtocol: Protocol<ToPage, ToHost> = {
  name: 'gateway-log',
  toPage: {
    all: rows,
    added: rows,
    state,
    details: object<LogDetails>({
      id: wholeNumber,
      summary: text,
      line: text,
      fields: listOf(field),
      notes: listOf(text),
      links: listOf(object<LogLink>({ uri: text, range, label: text, message: text })),
      proposal: nullable(text),
      unknownHost: nullable(text),
    }),
  },
  toHost: {
    select: one,
    open: object<Pick<Evidence, 'uri' | 'range'>>({ uri: text, range }),
    propose: one,
    declare: one,
    stop: nothing,
    follow: nothing,
    learn: nothing,
    asText: nothing,
  },
};
