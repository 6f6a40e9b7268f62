// A line in Istio's default text format.
import type { Passage } from './waypoint.ts';
import type { Through } from './way.ts';
import type { Request } from './world.ts';

export interface Measured {
  readonly began: Date;
  readonly ms: number;
  readonly received: number;
  readonly id: string;
}

/** Reserved for documentation: no real host. */
const world = '192.0.2.10';

export function logLine(
  request: Request,
  port: number,
  way: Through,
  passage: Passage,
  { began, ms, received, id }: Measured,
): string {
  const { answer, protocol, reached, cluster, flags, details, failure } = passage;
  const ends = [
    reached === undefined ? '"-"' : `"${world}:${reached}"`,
    cluster,
    reached === undefined ? '-' : `${way.waypoint.ip}:${ephemeral()}`,
    `${way.vip}:${port}`,
    `${way.client.status.podIP ?? '-'}:${ephemeral()}`,
  ];
  const sent = Buffer.byteLength(answer?.body ?? '');
  if (protocol === 'tcp')
    return [
      `[${began.toISOString()}]`,
      '"- - -"',
      0,
      flags,
      '-',
      details,
      `"${failure}"`,
      received,
      sent,
      ms,
      '-',
      '"-"',
      '"-"',
      '"-"',
      '"-"',
      ...ends,
      '-',
      '-',
    ].join(' ');
  return [
    `[${began.toISOString()}]`,
    `"${request.method} ${request.path} HTTP/1.1"`,
    answer?.status ?? 0,
    flags,
    details,
    '-',
    `"${failure}"`,
    received,
    sent,
    ms,
    reached === undefined ? '-' : ms,
    '"-"',
    `"${request.headers.get('user-agent') ?? '-'}"`,
    `"${id}"`,
    `"${request.authority}"`,
    ...ends,
    '-',
    'default',
  ].join(' ');
}

function ephemeral(): number {
  return 32_768 + Math.floor(Math.random() * 28_000);
}
