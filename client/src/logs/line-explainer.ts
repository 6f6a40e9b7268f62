// Sends log lines of several pods to the server in batches to explain them.
import type { LogLine } from '../../../server/src/cluster/logs/log-stream.ts';
import type { ExplainLogParams } from '../../../server/src/lsp/protocol/egress.ts';
import type { Server } from '../language-server.ts';
import type { LogItem } from './log-table.ts';
import { rowOf, type Row } from './log-row.ts';

const restMs = 100;
/** Lines in one question. */
const most = 500;

export class LineExplainer {
  readonly #server: Server;
  readonly #uri: string | null;
  readonly #add: (entries: readonly LogItem[]) => void;
  readonly #onError: (error: unknown) => void;
  #waiting: LogLine[] = [];
  #work: Promise<void> | undefined;

  constructor(
    server: Server,
    uri: string | null,
    add: (entries: readonly LogItem[]) => void,
    onError: (error: unknown) => void,
  ) {
    this.#server = server;
    this.#uri = uri;
    this.#add = add;
    this.#onError = onError;
  }

  take(line: LogLine): void {
    this.#waiting.push(line);
    this.#work ??= this.#explain()
      .catch(this.#onError)
      .finally(() => {
        this.#work = undefined;
      });
  }

  async settled(): Promise<void> {
    while (this.#work) await this.#work;
  }

  async #explain(): Promise<void> {
    while (this.#waiting.length > 0) {
      await new Promise((resume) => setTimeout(resume, restMs));
      const lines = this.#waiting.splice(0, most);
      this.#add(await explainLines(this.#server, this.#uri, lines));
    }
  }
}

/** Lines that are not access-log lines are left out: a proxy logs other things too. */
export async function explainLines(
  server: Server,
  uri: string | null,
  lines: readonly LogLine[],
): Promise<readonly Row[]> {
  const params: ExplainLogParams = { uri, text: lines.map(({ text }) => text).join('\n') };
  const result = await server.request('istioEgress/explainLog', params);
  return (result?.lines ?? []).flatMap((explained) => {
    const pod = lines[explained.number - 1]?.pod;
    return pod === undefined ? [] : [rowOf(explained, pod)];
  });
}
