// Which hosts and clients of the matrix are shown.
import type { AccessMatrix } from './protocol.ts';

export interface Filter {
  readonly host: string;
  readonly client: string;
  /** Empty: any. */
  readonly access: string;
}

/** Places of the matrix. */
export interface ShownPlaces {
  readonly hosts: readonly number[];
  readonly clients: readonly number[];
}

export const noFilter: Filter = { host: '', client: '', access: '' };

export function isEverything({ host, client, access }: Filter): boolean {
  return host === '' && client === '' && access === '';
}

/** Hosts that some shown client has the wanted access to. */
export function filtered(
  { hosts, clients, answers, cells }: AccessMatrix,
  { host, client, access }: Filter,
): ShownPlaces {
  const shownClients = [...clients.keys()].filter((at) => includes(clients[at]!.label, client));
  const isWanted = answers.map((answer) => access === '' || answer.access === access);
  const shownHosts = [...hosts.keys()].filter((at) => {
    const { host: name, port } = hosts[at]!;
    if (!includes(`${name}:${port}`, host)) return false;
    return access === '' || shownClients.some((column) => isWanted[cells[at]![column]!] === true);
  });
  return { hosts: shownHosts, clients: shownClients };
}

function includes(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.trim().toLowerCase());
}
