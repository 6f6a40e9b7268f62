// Asks an API server whether it would take objects: dry-run create with strict fields, as kubectl does. The webhook answers along.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';
import type { Mutant } from './generate.ts';

export interface Answer {
  readonly refused: boolean;
  /** Of a refusal: the reason, in the server's words. */
  readonly message: string;
  readonly warnings: readonly string[];
}

/** Two warnings are left to rules that know the mesh (service-entry-without-address, policy-http-fields-on-tcp): by itself an object does not show them. */
export function isOurs(warning: string): boolean {
  return !/addresses are required for ports serving TCP|will deny all traffic to TCP ports/.test(warning);
}

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority': string };
  }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
}

export type Ask = (object: Mutant) => Promise<Answer>;

/** Through the credentials of a throw-away cluster (test/peers); connections are kept. */
export function asker(kubeconfig: string): Ask {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const { server, 'certificate-authority': authority } = clusters[0]!.cluster;
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca: readFileSync(authority) });
  const headers = { authorization: `Bearer ${users[0]!.user.token}`, 'content-type': 'application/json' };
  return (object) =>
    post(
      `${server}/apis/${object.apiVersion}/namespaces/default/${pluralOf(object.kind)}?dryRun=All&fieldValidation=Strict`,
      JSON.stringify(object),
      { agent, headers },
    );
}

function post(
  url: string,
  body: string,
  options: { readonly agent: Agent; readonly headers: Readonly<Record<string, string>> },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, method: 'POST' }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (part: string) => {
          text += part;
        })
        .on('error', reject)
        .on('end', () => {
          const status = response.statusCode ?? 0;
          if (status >= 500 || status === 401 || status === 403 || status === 404)
            return reject(new Error(`${status} ${text}`));
          const warnings = [response.headers['warning'] ?? []]
            .flat()
            .flatMap((line) => [...line.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]!));
          resolve({
            refused: status >= 400,
            message: status >= 400 ? (JSON.parse(text) as { readonly message: string }).message : '',
            warnings,
          });
        });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  return name.endsWith('y') && !name.endsWith('gateway') ? `${name.slice(0, -1)}ies` : `${name}s`;
}
