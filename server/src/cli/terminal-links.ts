// Links in the text of a terminal (OSC 8).

const start = '\u001b]8;;';
const end = '\u001b\\';

/** Behind it everything is a link, until `linkEnd`. What may reach the terminal: `visible-host.ts`. */
export function linkStart(address: string): string {
  return `${start}${address}${end}`;
}

export const linkEnd = linkStart('');
