// Texts of the Istio Egress view: ports, hosts, clients and ages.
import type { AccessRow } from '../../../server/src/lsp/protocol/egress.ts';
import type { HostItem } from '../../../server/src/lsp/protocol/map.ts';

type Port = HostItem['ports'][number];

export function portLabel({ number, protocol }: Port): string {
  return protocol === null ? String(number) : `${number} ${protocol}`;
}

export function portText({ tls, targets }: Port): string {
  const to = targets.length === 1 ? `:${targets[0]}` : '';
  switch (tls) {
    case 'SIMPLE':
    case 'MUTUAL':
      return to === '' ? `TLS ${tls}` : `TLS ${tls} to ${to}`;
    case 'plain':
      return to === '' ? 'plaintext' : `plaintext to ${to}`;
    case 'client':
      return to === '' ? 'TLS from the client' : `TLS from the client to ${to}`;
    case 'unknown':
      return 'TLS unknown';
    case 'elsewhere':
      return 'routed elsewhere';
  }
}

/** The first two ports in full, and the number of the others. */
export function hostText({ ports, policies }: HostItem): string {
  const firstPorts = ports.slice(0, 2).map((port) => `${port.number} ${portText(port)}`);
  const more = ports.length > 2 ? [`${ports.length - 2} more ports`] : [];
  const count = policies.filter(({ dryRun }) => !dryRun).length;
  const policyCount = count === 0 ? [] : [count === 1 ? '1 policy' : `${count} policies`];
  return [...firstPorts, ...more, ...policyCount].join(' · ');
}

export const callers: Readonly<Record<HostItem['callers'], string>> = {
  policies: 'clients that the policies allow',
  anyone: 'all clients',
  unjudged: 'all clients, because no waypoint enforces policies',
  unknown: 'unknown',
};

export function callerLabel({ from }: AccessRow): string {
  if (from === '*') return 'All other clients';
  return from.serviceAccount === null
    ? `Other accounts in ${from.namespace}`
    : `${from.namespace}/${from.serviceAccount}`;
}

/** Behind the label: only an account is one client. */
export function accessText({ access, operations, from }: AccessRow): string {
  const allowed = operations.map(({ methods, paths, when }) =>
    [methods?.join(', '), paths?.join(', '), when?.length ? `when ${when.join(', ')}` : undefined]
      .filter((part) => part)
      .join(' '),
  );
  switch (access) {
    case 'all':
      return 'may call';
    case 'some':
      return `may call ${allowed.join('; ')}`;
    case 'none':
      return from !== '*' && from.serviceAccount !== null ? 'is denied' : 'are denied';
    case 'undetermined':
      return 'undetermined';
  }
}

/** In kubectl's format: `3d`, `5h`, `12m`, `40s`. */
export function age(created: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(created)) / 1000));
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
  ] as const)
    if (seconds >= length) return `${Math.floor(seconds / length)}${unit}`;
  return `${seconds}s`;
}
