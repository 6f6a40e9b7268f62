// What a view says about itself, and what the kit gives to it.
import type { EgressContext } from '../../extension-context.ts';
import { dispatch, readyMessage, typeOf, type Handlers, type Protocol } from './protocol.ts';

/** The page of one panel, from the extension's side. */
interface PageLink<ToPage> {
  /** Dropped while the page is hidden: `ready` is called when it is shown again. */
  readonly post: <K extends keyof ToPage & string>(type: K, body: ToPage[K]) => void;
  readonly setTitle: (title: string) => void;
  /** Does work that fills the page; if it fails, the page says so, and the output why. */
  readonly refresh: (what: string, work: Promise<unknown>) => void;
  /** A hidden page is not there. */
  readonly isVisible: () => boolean;
}

interface ViewSession<ToHost> {
  /** The page is there and shows nothing yet: send what it has to show. */
  readonly ready: () => unknown;
  readonly handlers: Handlers<ToHost>;
  /** The view was asked for again, with something else to show. */
  readonly reopen?: (given: unknown) => unknown;
  readonly dispose?: () => void;
}

interface ViewDefinition<ToPage, ToHost> {
  readonly protocol: Protocol<ToPage, ToHost>;
  readonly title: string;
  /** Whether it opens beside what is worked on. */
  readonly isBeside?: boolean;
  /** Whether it is a view of the panel, beside the terminal, instead of an editor. */
  readonly isInPanel?: boolean;
  /** For each panel, also after a reload of the window. `given` is unchecked: it may come from an older version. */
  readonly connect: (link: PageLink<ToPage>, egress: EgressContext, given: unknown) => ViewSession<ToHost>;
}

/** A view whose messages are checked already: all that the kit needs to know. */
export interface Webview {
  readonly name: string;
  readonly title: string;
  readonly isBeside: boolean;
  readonly isInPanel: boolean;
  readonly connect: (link: RawLink, egress: EgressContext, given: unknown) => RawSession;
}

interface RawLink extends Pick<PageLink<unknown>, 'setTitle' | 'isVisible' | 'refresh'> {
  readonly send: (message: { readonly type: string; readonly body: unknown }) => void;
}

interface RawSession {
  /** Throws for a message that the protocol does not have. */
  readonly receive: (message: unknown) => unknown;
  readonly reopen: (given: unknown) => unknown;
  readonly dispose: () => void;
}

export function defineWebview<ToPage, ToHost>({
  protocol,
  title,
  isBeside = false,
  isInPanel = false,
  connect,
}: ViewDefinition<ToPage, ToHost>): Webview {
  return {
    name: protocol.name,
    title,
    isBeside,
    isInPanel,
    connect({ send, ...link }, egress, given) {
      const session = connect({ ...link, post: (type, body) => send({ type, body }) }, egress, given);
      return {
        receive: (message) =>
          typeOf(message) === readyMessage ? session.ready() : dispatch(protocol.toHost, session.handlers, message),
        reopen: (again) => session.reopen?.(again),
        dispose: () => session.dispose?.(),
      };
    },
  };
}
