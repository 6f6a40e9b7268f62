// Texts of the Istio Egress view: ports, hosts, clients and ages.
import { l10n } from 'vscode';
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
      return to === '' ? l10n.t('TLS {0}', tls) : l10n.t('TLS {0} to {1}', tls, to);
    case 'plain':
      return to === '' ? l10n.t('plaintext') : l10n.t('plaintext to {0}', to);
    case 'client':
      return to === '' ? l10n.t('TLS from the client') : l10n.t('TLS from the client to {0}', to);
    case 'unknown':
      return l10n.t('TLS unknown');
    case 'elsewhere':
      return l10n.t('routed elsewhere');
  }
}

/** The first two ports in full, and the number of the others. */
export function hostText({ ports, policies }: HostItem): string {
  const firstPorts = ports.slice(0, 2).map((port) => `${port.number} ${portText(port)}`);
  const more = ports.length > 2 ? [l10n.t('{0} more ports', ports.length - 2)] : [];
  const count = policies.filter(({ dryRun }) => !dryRun).length;
  const policyCount = count === 0 ? [] : [count === 1 ? l10n.t('1 policy') : l10n.t('{0} policies', count)];
  return [...firstPorts, ...more, ...policyCount].join(' · ');
}

export const callers: Readonly<Record<HostItem['callers'], () => string>> = {
  policies: () => l10n.t('clients that the policies allow'),
  anyone: () => l10n.t('all clients'),
  unjudged: () => l10n.t('all clients, because no waypoint enforces policies'),
  unknown: () => l10n.t('unknown'),
};

export function callerLabel({ from }: AccessRow): string {
  if (from === '*') return l10n.t('All other clients');
  return from.serviceAccount === null
    ? l10n.t('Other accounts in {0}', from.namespace)
    : `${from.namespace}/${from.serviceAccount}`;
}

export function accessText({ access, operations }: AccessRow): string {
  const allowed = operations.map(({ methods, paths, when }) =>
    [methods?.join(', '), paths?.join(', '), when?.length ? l10n.t('when {0}', when.join(', ')) : undefined]
      .filter((part) => part)
      .join(' '),
  );
  switch (access) {
    case 'all':
      return l10n.t('may call');
    case 'some':
      return l10n.t('may call {0}', allowed.join('; '));
    case 'none':
      return l10n.t('is denied');
    case 'undetermined':
      return l10n.t('undetermined');
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
