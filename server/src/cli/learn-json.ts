import type { Flow } from '../features/learn/flows.ts';
import type { Learned } from '../features/learn/learn.ts';
import type { LineCounts } from '../features/learn/summary.ts';
import type { Placer } from './position.ts';

/** The machine format; its shape is a contract and carries a version. */
export function learnedJson(found: Learned, { read, skipped, inside, dropped }: LineCounts, place: Placer): string {
  const shape = {
    version: 1,
    lines: { read, skipped, inside, dropped },
    manifests: found.text,
    allowedBefore: found.allowedBefore.map(flowJson),
    proposed: found.proposed.map(flowJson),
    withoutAccount: found.withoutAccount.map(flowJson),
    unsolved: found.unsolved.map(({ flow, reason }) => ({ ...flowJson(flow), reason })),
    unlisted: found.unlisted.map(flowJson),
    refused: found.refused.map(flowJson),
    unused: {
      ports: found.unused.ports.map(({ entry, host, port, span }) => ({ host, port, ...place(entry, span) })),
      rules: found.unused.rules.map(({ policy, rule, span }) => ({ rule, ...place(policy, span) })),
    },
  };
  return `${JSON.stringify(shape, null, 2)}\n`;
}

function flowJson({ client, host, address, port, protocol, method, path, fate, count, first, last, clientText }: Flow) {
  return {
    client: client ? { namespace: client.namespace, serviceAccount: client.serviceAccount } : null,
    seenAs: clientText,
    host: host ?? null,
    address: host === undefined ? (address ?? null) : null,
    port,
    protocol,
    method: method ?? null,
    path: path ?? null,
    fate,
    count,
    first: first ?? null,
    last: last ?? null,
  };
}
