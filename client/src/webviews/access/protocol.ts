// The messages of the Access view.
import {
  flag,
  MalformedInput,
  listOf,
  nullable,
  object,
  oneOf,
  text,
  wholeNumber,
  type Reader,
} from '../../../../server/src/lsp/protocol/read.ts';
import { range, type Evidence } from '../../../../server/src/lsp/protocol/shared.ts';
import type { AccessRow } from '../../../../server/src/lsp/protocol/egress.ts';
import type { Protocol } from '../kit/protocol.ts';

export interface AccessMatrix {
  readonly clients: readonly ShownClient[];
  readonly hosts: readonly Pick<AccessRow, 'host' | 'port'>[];
  readonly answers: readonly AccessAnswer[];
  /** For each host and client the place of its answer; -1 where the host is a Service of the cluster for the client. */
  readonly cells: readonly (readonly number[])[];
  /** Answers of clients without a row of their own are those of their namespace or of all others. */
  readonly isShort: boolean;
  /** Which hosts have no rows; empty where all have. */
  readonly note: string;
}

interface ShownClient {
  readonly label: string;
  /** `NAMESPACE/SERVICE-ACCOUNT`; `*` in place of the account means the others of the namespace, `*` alone all others. */
  readonly key: string;
}

export interface AccessAnswer extends Pick<AccessRow, 'access' | 'via'> {
  readonly operations: readonly string[];
  readonly because: readonly ShownReason[];
  /** What is refused, and what is taken for granted. */
  readonly notes: readonly string[];
}

export interface ShownReason extends Pick<Evidence, 'uri' | 'range'> {
  readonly label: string;
}

/** What an export holds: absent lists mean all. */
export interface ShownPart {
  readonly hosts: readonly string[] | null;
  readonly clients: readonly string[] | null;
}

interface ToPage {
  readonly matrix: AccessMatrix;
  /** To be shown alone. */
  readonly host: { readonly host: string };
}

interface ToHost {
  readonly open: Pick<Evidence, 'uri' | 'range'>;
  readonly trace: { readonly host: string; readonly port: string; readonly from: string };
  readonly exportCsv: ShownPart;
  readonly exportMarkdown: ShownPart;
  readonly asText: object;
}

/** As a whole: there may be a million. */
const numbers: Reader<readonly number[]> = (value, at) => {
  if (isNumbers(value)) return value;
  throw new MalformedInput(at, 'a list of whole numbers', value);
};

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((one) => Number.isInteger(one));
}

const place = object<Pick<Evidence, 'uri' | 'range'>>({ uri: text, range });
const host = object<AccessMatrix['hosts'][number]>({ host: text, port: wholeNumber });
const answer = object<AccessAnswer>({
  access: oneOf('all', 'some', 'none', 'undetermined'),
  via: oneOf('waypoint', 'gateway', 'direct'),
  operations: listOf(text),
  because: listOf(object<ShownReason>({ uri: text, range, label: text })),
  notes: listOf(text),
});
const shown = object<ShownPart>({ hosts: nullable(listOf(text)), clients: nullable(listOf(text)) });

export const accessProtocol: Protocol<ToPage, ToHost> = {
  name: 'access',
  toPage: {
    host: object<ToPage['host']>({ host: text }),
    matrix: object<AccessMatrix>({
      clients: listOf(object<ShownClient>({ label: text, key: text })),
      hosts: listOf(host),
      answers: listOf(answer),
      cells: listOf(numbers),
      isShort: flag,
      note: text,
    }),
  },
  toHost: {
    open: place,
    trace: object<ToHost['trace']>({ host: text, port: text, from: text }),
    exportCsv: shown,
    exportMarkdown: shown,
    asText: object<object>({}),
  },
};
