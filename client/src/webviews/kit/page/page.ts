// A page's side of a webview: messages to and from the extension, and what is kept over reloads.
import { anything, object, readIfValid, type Reader } from '../../../../../server/src/lsp/protocol/read.ts';
import {
  dispatch,
  noticeMessage,
  readKept,
  readNotice,
  readyMessage,
  runMessage,
  typeOf,
  type Handlers,
  type KitCommand,
  type Kept,
  type Protocol,
  type Start,
} from '../protocol.ts';
import { noticePlace } from './notice.ts';

/** VS Code's own; may be called once. */
declare function acquireVsCodeApi(): {
  readonly postMessage: (message: unknown) => void;
  readonly getState: () => unknown;
  readonly setState: (state: unknown) => void;
};

export interface Page<ToHost, State> {
  /** Where the view is drawn. */
  readonly root: HTMLElement;
  readonly given: unknown;
  /** As it was kept; the initial state where nothing was, or where an older version kept something else. */
  readonly state: State;
  readonly keep: (state: State) => void;
  readonly post: <K extends keyof ToHost & string>(type: K, body: ToHost[K]) => void;
  /** Runs a command of the extension: what an empty view offers. */
  readonly run: (command: KitCommand) => void;
}

interface PageDefinition<ToPage, ToHost, State> {
  readonly protocol: Protocol<ToPage, ToHost>;
  readonly readState: Reader<State>;
  readonly initial: State;
  /** Draws the view before anything has come, and says what each message does. */
  readonly begin: (page: Page<ToHost, State>) => Handlers<ToPage>;
}

const readNoticeIn = object({ body: readNotice });
const readStart: Reader<Start> = object<Start>({ given: anything });

export function startPage<ToPage, ToHost, State>({
  protocol,
  readState,
  initial,
  begin,
}: PageDefinition<ToPage, ToHost, State>): void {
  const api = acquireVsCodeApi();
  const root = document.getElementById('view');
  if (!root) throw new Error('the page has no place to draw');
  const { given } = readStart(JSON.parse(document.body.dataset['start'] ?? '{}'), 'start');
  const kept = readIfValid(readKept, api.getState());
  const state = (kept && readIfValid(readState, kept.state)) ?? initial;
  const keep = (now: State) => api.setState({ given, state: now } satisfies Kept);
  keep(state);
  const run = (command: KitCommand) => api.postMessage({ type: runMessage, body: command });
  const handlers = begin({
    root,
    given,
    state,
    keep,
    post: (type, body) => api.postMessage({ type, body }),
    run,
  });
  const notice = noticePlace(run);
  root.prepend(notice.element);
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeOf(data) === noticeMessage) notice.show(readNoticeIn(data, noticeMessage).body);
    else dispatch(protocol.toPage, handlers, data);
  });
  api.postMessage({ type: readyMessage });
}
