// Whether an Envoy is done with what it was sent, and has written of it: a state that it tells itself, whatever the time or the load.
import { get } from 'node:http';

export interface Activity {
  /** No request and no connection of bytes is open, and no line is still to be written. */
  readonly isQuiet: boolean;
  /** Connections that it has accepted so far. */
  readonly accepted: number;
}

const wanted =
  '^(listener|http|filesystem)\\..*(downstream_(pre_)?cx_active|downstream_cx_total|downstream_rq_active|write_total_buffered)$';

/** Undefined where the proxy is no longer there. */
export async function activityOf(admin: string): Promise<Activity | undefined> {
  const text = await askAdmin(admin, `/stats?filter=${encodeURIComponent(wanted)}`);
  if (text === '') return undefined;
  const stats = text.split('\n').map((line) => line.split(': ') as [string, string]);
  const sum = (name: RegExp): number =>
    stats
      .filter(([one]) => name.test(one) && !/\.admin\.|\.worker_\d+\./.test(one))
      .reduce((total, [, value]) => total + Number(value), 0);
  // Connections between requests stay open.
  const bytes = sum(/^listener\..*\.downstream_(pre_)?cx_active$/) - sum(/^http\..*\.downstream_cx_active$/);
  return {
    isQuiet: bytes === 0 && sum(/\.downstream_rq_active$/) === 0 && sum(/^filesystem\.write_total_buffered$/) === 0,
    accepted: sum(/^listener\..*\.downstream_cx_total$/),
  };
}

/** Empty where nobody answers. */
export function askAdmin(host: string, path: string): Promise<string> {
  return new Promise((resolve) => {
    const request = get({ host, port: 15000, path, agent: false, timeout: 1000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(text.trim()));
    });
    request.on('error', () => resolve(''));
    request.on('timeout', () => request.destroy());
  });
}
