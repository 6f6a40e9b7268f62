// The outside world: a site like httpbin.org, HTTP on port 80 and HTTPS on port 443. A test that wants another answer of it writes
// answers.json into the data plane's folder: [{ "method": "GET", "path": "/status/418", "status": 418, "body": "short and stout" }]
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Request {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly authority: string;
  readonly headers: ReadonlyMap<string, string>;
  /** Folder of answers.json. */
  readonly folder: string;
}
export interface WorldAnswer {
  readonly status: number;
  readonly body: string;
  readonly type: string;
}

/** An answer, or why there is none, as Envoy words it. */
export async function answerOf(request: Request, port: number, isTls: boolean): Promise<WorldAnswer | string> {
  if (port !== 80 && port !== 443) return 'delayed connect error: Connection refused';
  if (port === 80 && isTls)
    return 'TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end';
  if (port === 443 && !isTls)
    return {
      status: 400,
      type: 'text/html',
      body: '<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>\n',
    };
  const { method, path, authority, headers } = request;
  const other = (await readAnswers(request.folder)).find(
    (one) => (one.method ?? method) === method && (one.path ?? path) === path,
  );
  if (other) return { status: other.status ?? 200, body: other.body ?? '', type: 'text/plain' };
  const shown = Object.fromEntries(
    [...headers].map(([key, value]) => [key.replace(/(^|-)./g, (letter) => letter.toUpperCase()), value]),
  );
  return {
    status: 200,
    type: 'application/json',
    body: `${JSON.stringify({ args: {}, headers: shown, origin: '198.51.100.7', url: `http${isTls ? 's' : ''}://${authority}${path}` }, null, 2)}\n`,
  };
}

interface Written {
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly body?: string;
}

async function readAnswers(folder: string): Promise<readonly Written[]> {
  try {
    return JSON.parse(await readFile(join(folder, 'answers.json'), 'utf8')) as readonly Written[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
