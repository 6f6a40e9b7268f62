// What a view shows instead of a picture or a table that would be empty: why, and what can be done.
import type { KitCommand } from '../protocol.ts';
import { element } from './element.ts';

interface Offer {
  readonly label: string;
  readonly go: () => void;
}

export function nothing(why: string, offers: readonly Offer[] = []): HTMLElement {
  return element(
    'div',
    { class: 'nothing' },
    element('p', {}, why),
    element(
      'div',
      { class: 'actions' },
      offers.map(({ label, go }, at) =>
        element('button', { type: 'button', class: at === 0 ? 'main' : 'secondary', on: { click: go } }, label),
      ),
    ),
  );
}

/** For files that declare no host. */
export function firstHost(run: (command: KitCommand) => void): readonly Offer[] {
  return [
    { label: 'New Egress Route', go: () => run('newRoute') },
    { label: 'Open Sample Workspace', go: () => run('openSample') },
  ];
}
