// Start, stop and restart of the language server. A restart creates a new client, because a browser's worker cannot be started twice.
import { EventEmitter, type Disposable, type LogOutputChannel } from 'vscode';
import type { BaseLanguageClient, CancellationToken, State } from 'vscode-languageclient';
import type {
  NotificationMethod,
  NotificationParams,
  ParamsArgument,
  RequestMethod,
  RequestParams,
  RequestResult,
} from '../../server/src/lsp/protocol.ts';
import { runInBackground } from './run-in-background.ts';
import { showPlain } from './ui/show-plain.ts';

const changed: NotificationMethod = 'istioEgress/changed';

/** Stopped, running, starting, failed to start: by number, because the module that names them is loaded later. */
const states: Readonly<Record<State, ServerState>> = { 1: 'stopped', 2: 'running', 3: 'starting', 4: 'stopped' };

export type ServerState = 'starting' | 'running' | 'stopped';

export class Server {
  readonly #create: () => BaseLanguageClient | Promise<BaseLanguageClient>;
  readonly #output: LogOutputChannel;
  #client: BaseLanguageClient | undefined;
  #beside: Disposable | undefined;
  /** Starts and stops one after the other, the caller. */
  #turn: Promise<void> = Promise.resolve();
  readonly #started = new EventEmitter<void>();
  readonly #changed = new EventEmitter<void>();
  readonly #stateChanged = new EventEmitter<ServerState>();
  #state: ServerState = 'starting';
  /** After each start, because a new server has no data of the previous one. */
  readonly onDidStart = this.#started.event;
  /** Earlier answers may be out of date. */
  readonly onDidChange = this.#changed.event;
  readonly onDidChangeState = this.#stateChanged.event;

  constructor(create: () => BaseLanguageClient | Promise<BaseLanguageClient>, output: LogOutputChannel) {
    this.#create = create;
    this.#output = output;
  }

  /** `stopped`: it does not answer, and does not start by itself. */
  get state(): ServerState {
    return this.#state;
  }

  /** Resolves when the server answers; rejects if it does not, after a message to the user. */
  start(): Promise<void> {
    return this.#next(() => this.#startNow());
  }

  restart(): Promise<void> {
    return this.#next(async () => {
      this.#become('starting');
      await this.#stopNow();
      await this.#startNow();
    });
  }

  stop(): Promise<void> {
    return this.#next(() => this.#stopNow());
  }

  /** Undefined if the server does not run. */
  async request<M extends RequestMethod>(
    method: M,
    ...params: ParamsArgument<RequestParams<M>>
  ): Promise<RequestResult<M> | undefined> {
    await this.#turn;
    return this.#client?.isRunning() ? this.#client.sendRequest<RequestResult<M>>(method, params[0]) : undefined;
  }

  /** As `request`, but undefined also once `token` is cancelled: the request is cancelled at the server. */
  async cancellableRequest<M extends RequestMethod>(
    token: CancellationToken,
    method: M,
    ...params: ParamsArgument<RequestParams<M>>
  ): Promise<RequestResult<M> | undefined> {
    await this.#turn;
    if (!this.#client?.isRunning()) return undefined;
    try {
      return await this.#client.sendRequest<RequestResult<M>>(method, params[0], token);
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    }
  }

  /** Dropped if the server does not run. */
  async notify<M extends NotificationMethod>(
    method: M,
    ...params: ParamsArgument<NotificationParams<M>>
  ): Promise<void> {
    await this.#turn;
    if (this.#client?.isRunning()) await this.#client.sendNotification(method, params[0]);
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined); // reported where it happened
    return done;
  }

  async #startNow(): Promise<void> {
    try {
      const client = await this.#create();
      this.#client = client;
      // Like the client's library, which it needs: evaluated behind waking up.
      this.#beside = (await import('./beside-yaml.ts')).besideYaml(client);
      client.onNotification(changed, () => this.#changed.fire());
      // A server that crashed is started again by the client, a few times.
      client.onDidChangeState(({ newState }) => {
        if (client === this.#client) this.#become(states[newState]);
      });
      await client.start();
    } catch (error) {
      this.#become('stopped');
      this.#output.error(error instanceof Error ? error : String(error));
      runInBackground(this.#output, 'telling that the server did not start', this.#tellFailure());
      throw error;
    }
  }

  #become(state: ServerState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#stateChanged.fire(state);
    if (state === 'running') this.#started.fire();
    if (state !== 'starting') this.#changed.fire();
  }

  async #stopNow(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#beside?.dispose();
    try {
      await client?.dispose();
    } catch (error) {
      // A server that does not answer any more is gone as well.
      this.#output.warn(`The language server did not stop cleanly: ${String(error)}`);
    }
  }

  async #tellFailure(): Promise<void> {
    const show = 'Show Output';
    const chosen = await showPlain(
      'error',
      'The language server did not start, so nothing is checked. See the output for the reason.',
      show,
    );
    if (chosen === show) this.#output.show();
  }
}
