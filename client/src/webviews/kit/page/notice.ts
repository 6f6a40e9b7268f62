// The place for what is said above the content of a page.
import type { KitCommand, Notice } from '../protocol.ts';
import { element, fill } from './element.ts';

interface NoticePlace {
  readonly element: HTMLElement;
  readonly show: (notice: Notice | null) => void;
}

export function noticePlace(run: (command: KitCommand) => void): NoticePlace {
  const place = element('div', { class: 'notice', role: 'alert', hidden: true });
  const button = (label: string, command: KitCommand) =>
    element('button', { type: 'button', class: 'secondary', on: { click: () => run(command) } }, label);
  return {
    element: place,
    show(notice) {
      place.hidden = notice === null;
      document.body.classList.toggle('without-server', notice?.isStopped === true);
      fill(
        place,
        notice === null
          ? undefined
          : [
              element('p', {}, notice.text),
              notice.isStopped ? button('Restart Server', 'restartServer') : undefined,
              button('Show Output', 'showOutput'),
            ],
      );
    },
  };
}
