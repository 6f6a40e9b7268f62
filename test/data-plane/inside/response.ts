// One HTTP/1.1 response off a stream.
import type { Duplex } from 'node:stream';

export interface Response {
  readonly status: number;
  readonly body: string;
  readonly location?: string;
}

/** Rejects where the stream ends before there is one. */
export function readResponse(stream: Duplex, method: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (isOver: boolean): void => {
      const response = parse(text, method, isOver);
      if (response) resolve(response);
      else if (isOver) reject(new Error('no response'));
    };
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      take(false);
    });
    stream.on('end', () => take(true));
    stream.on('close', () => take(true));
  });
}

function parse(text: string, method: string, isOver: boolean): Response | undefined {
  const [head, ...rest] = text.split('\r\n\r\n');
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(text) ?? [];
  if (status === undefined || rest.length === 0 || head === undefined) return undefined;
  const body = rest.join('\r\n\r\n');
  const header = (name: string) => new RegExp(`\\r\\n${name}: *([^\\r]*)`, 'i').exec(head)?.[1];
  const length = header('content-length');
  const location = header('location');
  const isBodyless = method === 'HEAD' || status === '204' || status === '304';
  const isWhole = header('transfer-encoding')
    ? body.endsWith('0\r\n\r\n')
    : length !== undefined && body.length >= Number(length);
  if (!isBodyless && !isWhole && !isOver) return undefined;
  return { status: Number(status), body, ...(location !== undefined && { location }) };
}
