// The access table as a matrix of hosts and clients: each answer once, with its reasons.
import type { AccessResult, AccessRow } from '../../../../server/src/lsp/protocol/egress.ts';
import type { AccessAnswer, AccessMatrix, ShownReason } from './protocol.ts';

/** No answer: for this client the host is a Service of the cluster. */
const inCluster = -1;

export interface MatrixTexts {
  readonly client: (from: AccessRow['from']) => string;
  readonly operation: (operation: AccessRow['operations'][number]) => string;
  readonly reason: (evidence: AccessRow['because'][number]) => ShownReason;
}

export function matrixOf({ rows, short, note = '' }: AccessResult, texts: MatrixTexts): AccessMatrix {
  const clients = unique(rows, ({ from }) => keyOfClient(from)).map(({ from }) => from);
  const hosts = unique(
    rows.filter(({ port }) => port !== 0),
    keyOfHost,
  ).map(({ host, port }) => ({ host, port }));
  const byPlace = new Map(rows.map((row) => [`${keyOfClient(row.from)}\n${keyOfHost(row)}`, row]));
  const answers = new Map<string, { readonly at: number; readonly answer: AccessAnswer }>();
  const placeOfAnswer = (row: AccessRow): number => {
    const { access, via, operations, because, assumed = [], refused = [], skips = [] } = row;
    const key = JSON.stringify([access, via, operations, because, assumed, refused, skips]);
    const known = answers.get(key);
    if (known) return known.at;
    const answer = {
      access,
      via,
      operations: operations.map(texts.operation),
      because: because.map(texts.reason),
      notes: [...refused, ...assumed, ...skips],
    };
    answers.set(key, { at: answers.size, answer });
    return answers.size - 1;
  };
  const placeOfRow = new Map(rows.map((row) => [row, placeOfAnswer(row)]));
  const rowOf = short === true ? lookUpWider(byPlace) : lookUp(byPlace);
  const cells = hosts.map((host) =>
    clients.map((client) => {
      const row = rowOf(client, host);
      return row ? placeOfRow.get(row)! : inCluster;
    }),
  );
  return {
    clients: clients.map((from) => ({ label: texts.client(from), key: keyOfClient(from) })),
    hosts,
    answers: [...answers.values()].map(({ answer }) => answer),
    cells,
    isShort: short === true,
    note,
  };
}

type Host = Pick<AccessRow, 'host' | 'port'>;
type LookUp = (from: AccessRow['from'], host: Host) => AccessRow | undefined;

function lookUp(byPlace: ReadonlyMap<string, AccessRow>): LookUp {
  return (from, host) => byPlace.get(`${keyOfClient(from)}\n${keyOfHost(host)}`);
}

/** In a shortened table a client has its own row, one for all hosts, or the row of its namespace or of all others. */
function lookUpWider(byPlace: ReadonlyMap<string, AccessRow>): LookUp {
  const exact = lookUp(byPlace);
  const any = { host: '*', port: 0 };
  return (from, host) => {
    for (const subject of withWider(from)) {
      const row = exact(subject, host) ?? exact(subject, any);
      if (row) return row;
    }
    return undefined;
  };
}

function withWider(from: AccessRow['from']): readonly AccessRow['from'][] {
  if (from === '*') return [from];
  return from.serviceAccount === null ? [from, '*'] : [from, { namespace: from.namespace, serviceAccount: null }, '*'];
}

function unique<T>(all: readonly T[], keyOf: (one: T) => string): readonly T[] {
  const first = new Map<string, T>();
  for (const one of all) {
    const key = keyOf(one);
    if (!first.has(key)) first.set(key, one);
  }
  return [...first.values()];
}

function keyOfClient(from: AccessRow['from']): string {
  return from === '*' ? '*' : `${from.namespace}/${from.serviceAccount ?? '*'}`;
}

function keyOfHost({ host, port }: Host): string {
  return `${host}:${port}`;
}
