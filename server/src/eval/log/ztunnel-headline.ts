// What came of a connection that ztunnel logged.
import type { Denial } from './details.ts';
import { portOfAddress, valueOf, type LogEntry } from './entry.ts';
import type { Headline } from './outcome.ts';
import { causeOfZtunnelError, isRejection } from './ztunnel-error.ts';

export function ztunnelHeadline(entry: LogEntry): Omit<Headline, 'request'> {
  const error = valueOf(entry, 'error');
  if (error !== undefined) {
    const isDenied = isRejection(error);
    return {
      outcome: isDenied ? 'denied' : 'failed',
      denial: denialOf(error),
      result: `${isDenied ? 'denied' : 'failed'}: ${causeOfZtunnelError(error)}.`,
    };
  }
  const hasFailed =
    valueOf(entry, 'message') === 'connection failed' || ['error', 'warn'].includes(valueOf(entry, 'level') ?? '');
  return {
    outcome: hasFailed ? 'failed' : 'connected',
    denial: undefined,
    result: hasFailed ? 'failed; the line does not say why.' : flowOf(entry),
  };
}

function denialOf(error: string): Denial | undefined {
  const named = /explicitly denied by: ([^/\s]+)\/([^\s"]+)/.exec(error);
  if (named) return { by: 'policy', namespace: named[1]!, name: named[2]!, rule: undefined, custom: false };
  return error.includes('allow policies exist, but none allowed') ? { by: 'implicit-deny' } : undefined;
}

function flowOf(entry: LogEntry): string {
  if (valueOf(entry, 'message') === 'connection opened') return 'the connection was opened.';
  const isOutbound = valueOf(entry, 'direction') !== 'inbound';
  const [sent, received] = [valueOf(entry, 'bytes_sent'), valueOf(entry, 'bytes_recv')];
  const [fromClient, fromDestination] = isOutbound ? [sent, received] : [received, sent];
  const way = wayOf(entry);
  if (fromClient === undefined || fromDestination === undefined) return `the connection was opened${way}.`;
  if (fromDestination === '0')
    return `the connection was opened${way}, but nothing came back from the destination${fromClient === '0' ? ', and the client sent nothing' : ''}.`;
  return `bytes went${way === '' ? ' through' : way}: ${fromClient} from the client, ${fromDestination} from the destination.`;
}

/** How the client's ztunnel reached the destination. */
function wayOf(entry: LogEntry): string {
  const address = valueOf(entry, 'dst.addr');
  if (valueOf(entry, 'direction') !== 'outbound' || address === undefined) return '';
  return portOfAddress(address) === 15008 || valueOf(entry, 'dst.hbone_addr') !== undefined
    ? ' through the tunnel (HBONE)'
    : ' directly, without a tunnel';
}
