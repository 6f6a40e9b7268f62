// The page of the Trace view: the request as a form, and below it the way that it takes.
import './trace.css';
import { object, optional } from '../../../../../server/src/lsp/protocol/read.ts';
import { announce, element, fill } from '../../kit/page/element.ts';
import { startPage } from '../../kit/page/page.ts';
import { readRequest, traceProtocol, type ShownRequest } from '../protocol.ts';
import { requestForm } from './request-form.ts';
import { outcomeOf, verdictText } from './outcome.ts';

interface State {
  /** As it was changed in the page; absent until then. */
  readonly request?: ShownRequest;
}

startPage({
  protocol: traceProtocol,
  readState: object<State>({ request: optional(readRequest) }),
  initial: {},
  begin({ root, given, state, keep, post }) {
    const result = element('div', { class: 'result' }, element('p', { class: 'waiting' }, 'Tracing…'));
    const changed = (request: ShownRequest): void => {
      keep({ request });
      post('trace', request);
    };
    const form = requestForm(changed);
    let current: ShownRequest | undefined;
    const show = (request: ShownRequest): void => {
      current = request;
      form.set(request);
    };
    fill(root, element('h1', {}, 'Trace'), form.element, result);
    if (state.request && given !== null) post('trace', state.request);

    const action = (name: 'propose' | 'expect' | 'send' | 'asText', label: string, isMain = false) =>
      element(
        'button',
        { type: 'button', class: isMain ? 'main' : 'secondary', on: { click: () => current && post(name, current) } },
        label,
      );
    return {
      choices: form.offer,
      shown({ request, trace }) {
        show(request);
        announce(`${verdictText(trace.verdict)}: ${trace.summary}`);
        const actions = element(
          'div',
          { class: 'actions', role: 'group', 'aria-label': 'What to do with this request' },
          trace.verdict === 'denied' ? action('propose', 'Propose Policy', true) : undefined,
          trace.verdict === 'undetermined' ? undefined : action('expect', 'Add to Expectations'),
          action('send', 'Send Test Request'),
          action('asText', 'Show as Text'),
        );
        fill(
          result,
          outcomeOf(request, trace, ({ uri, range }) => post('open', { uri, range }), actions),
        );
      },
      problem({ request, problem }) {
        show(request);
        announce(problem);
        fill(result, element('p', { class: 'problem', role: 'alert' }, problem));
      },
    };
  },
});
