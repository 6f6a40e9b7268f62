// Arguments and output of curl in a pod. A value can never become an option: each is the argument of its option.
import { isIpAddress } from '../../names/addresses.ts';

export interface CurlRequest {
  readonly url: string;
  /** GET by default. */
  readonly method?: string | undefined;
  /** `Name: value` each. */
  readonly headers?: readonly string[] | undefined;
  readonly body?: string | undefined;
  /** 10 by default. */
  readonly maxSeconds?: number | undefined;
  /** Sends it to this address, whatever the name resolves to. */
  readonly address?: string | undefined;
}

export interface CurlAnswer {
  /** Undefined if no answer came. */
  readonly response: CurlResponse | undefined;
  /** Undefined if curl ended well. */
  readonly failure: CurlFailure | undefined;
  readonly timing: CurlTiming | undefined;
  /** The address that was connected to, as the pod saw it. */
  readonly remote: string | undefined;
}

export interface CurlResponse {
  readonly status: number;
  /** `HTTP/1.1` */
  readonly version: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** At most the first 64 kB. */
  readonly body: string;
  readonly isCut: boolean;
}

export interface CurlFailure {
  readonly code: number;
  /** curl's number in words. */
  readonly meaning: string;
  /** curl's own message. */
  readonly detail: string;
}

/** In seconds from the start. */
interface CurlTiming {
  readonly nameLookup: number;
  readonly connect: number;
  readonly tls: number;
  readonly firstByte: number;
  readonly total: number;
}

const mark = 'istio-egress-sent';
const mostBody = 64 * 1024;

/** The first thing wrong with a request, in one sentence. */
export function curlFault({ url, method, headers, address, maxSeconds }: CurlRequest): string | undefined {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (!URL.canParse(url) || !/^https?:\/\//i.test(url) || /[\s\u0000-\u001f\u007f]/.test(url))
    return `"${url}" is not a valid URL. Example: http://httpbin.org/get`;
  if (method !== undefined && !/^[A-Za-z]{1,32}$/.test(method))
    return `"${method}" is not a valid HTTP method. Example: GET`;
  const bad = headers?.find((header) => !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\r\n\0]*$/.test(header));
  if (bad !== undefined) return `"${bad}" is not a valid header. Write it as NAME: VALUE, for example x-team: red.`;
  if (address !== undefined && !isIpAddress(address))
    return `"${address}" is not a valid IP address. Example: 192.0.2.10`;
  if (maxSeconds !== undefined && !(maxSeconds >= 1 && maxSeconds <= 300))
    return 'The time limit must be between 1 and 300 seconds.';
  return undefined;
}

/** Only for a request without a {@link curlFault}. */
export function curlWords({
  url,
  method = 'GET',
  headers = [],
  body,
  address,
  maxSeconds = 10,
}: CurlRequest): readonly string[] {
  const verb = method.toUpperCase();
  const { hostname, port, protocol } = new URL(url);
  const target = address?.includes(':') ? `[${address}]` : address;
  return [
    'curl',
    '--silent',
    '--show-error',
    '--include',
    '--globoff',
    '--max-time',
    String(maxSeconds),
    // HEAD by --request would wait for a body that never comes.
    ...(verb === 'HEAD' ? ['--head'] : ['--request', verb]),
    ...headers.flatMap((header) => ['--header', header]),
    // --data-raw reads no file, whatever the text begins with.
    ...(body === undefined ? [] : ['--data-raw', body]),
    ...(target === undefined
      ? []
      : ['--connect-to', `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}:${target}:`]),
    '--write-out',
    `\\n${mark} %{http_code} %{time_namelookup} %{time_connect} %{time_appconnect} %{time_starttransfer} %{time_total} %{remote_ip}\\n`,
    '--url',
    url,
  ];
}

/** Undefined if curl did not run at all. */
export function readCurl(stdout: string, stderr: string): CurlAnswer | undefined {
  const end = stdout.lastIndexOf(`\n${mark} `);
  const found = /^curl: \((\d+)\) ?(.*)$/m.exec(stderr);
  if (end < 0 && !found) return undefined;
  const [, ...words] =
    end < 0
      ? []
      : stdout
          .slice(end + 1)
          .trim()
          .split(' ');
  const [nameLookup = 0, connect = 0, tls = 0, firstByte = 0, total = 0] = words.slice(1, 6).map(Number);
  return {
    response: responseOf(end < 0 ? stdout : stdout.slice(0, end)),
    failure: found
      ? { code: Number(found[1]), meaning: curlMeaning(Number(found[1])), detail: found[2] ?? '' }
      : undefined,
    timing: end < 0 ? undefined : { nameLookup, connect, tls, firstByte, total },
    remote: words[6] || undefined,
  };
}

/** Interim answers (100 Continue) and that of a proxy stand before the one that counts. */
function responseOf(text: string): CurlResponse | undefined {
  let rest = text;
  let head: RegExpExecArray | null = null;
  for (let next = headOf(rest); next; next = headOf(rest)) {
    head = next;
    rest = rest.slice(next[0].length);
  }
  if (!head) return undefined;
  const [first = '', ...lines] = head[0].trimEnd().split(/\r?\n/);
  const [version = '', status = ''] = first.split(' ');
  const headers = lines.map((line): readonly [string, string] => [
    line.slice(0, line.indexOf(':')).trim(),
    line.slice(line.indexOf(':') + 1).trim(),
  ]);
  return { status: Number(status), version, headers, body: rest.slice(0, mostBody), isCut: rest.length > mostBody };
}

function headOf(text: string): RegExpExecArray | null {
  return /^HTTP\/[\d.]+ \d{3}[^\n]*\n(?:[^\r\n]+\r?\n)*\r?\n/.exec(text);
}

// The numbers of curl's manual that a request to an outside host can end with.
const meanings: Readonly<Record<number, string>> = {
  1: 'curl in the pod does not support the protocol',
  3: 'the URL is not valid',
  5: 'the host name of the proxy does not resolve',
  6: 'the host name does not resolve in the pod',
  7: 'no connection: refused or no route',
  16: 'HTTP/2 error',
  18: 'the response ended early',
  22: 'the server returned an error',
  28: 'no response within the time limit',
  35: 'the TLS handshake failed',
  47: 'too many redirects',
  51: 'the certificate is not for this host',
  52: 'the connection was closed without a response',
  53: 'the TLS engine is missing',
  55: 'sending the request failed',
  56: 'the connection failed while receiving',
  58: 'the client certificate cannot be used',
  59: 'the TLS cipher cannot be used',
  60: 'the certificate is not trusted',
  77: 'the CA certificates cannot be read',
  80: 'the TLS connection could not be closed',
  92: 'an HTTP/2 stream failed',
  97: 'the proxy refused the connection',
};

/** What curl's exit code means, without its number. */
function curlMeaning(code: number): string {
  return meanings[code] ?? `curl ended with code ${code}`;
}
