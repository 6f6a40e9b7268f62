// Certificates, made by openssl. The mesh's are signed with istiod's own key, so each side verifies the other as in a real mesh.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ApiServer } from './api-server.ts';

export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

/** What istiod made for itself when it started. */
export async function istiodsAuthority(api: ApiServer, folder: string): Promise<Authority> {
  const { data } = await api.secret('istio-system', 'istio-ca-secret');
  const made = { certificate: path.join(folder, 'certs/root.crt'), key: path.join(folder, 'certs/root.key') };
  writeFileSync(made.certificate, Buffer.from(data?.['ca-cert.pem'] ?? '', 'base64'));
  writeFileSync(made.key, Buffer.from(data?.['ca-key.pem'] ?? '', 'base64'));
  return made;
}

/** A new one of our own, in that folder; what an earlier one signed there is removed. */
export function authority(folder: string, name: string): Authority {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const made = { certificate: path.join(folder, 'root.crt'), key: path.join(folder, 'root.key') };
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    made.key,
    '-out',
    made.certificate,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  );
  return made;
}

/** `FILE.crt` and `FILE.key` for that subject alternative name, such as `DNS:example.com`. */
export function issue(by: Authority, name: string, file: string): void {
  const request = `${file}.csr`;
  openssl('req', ...newKey, '-keyout', `${file}.key`, '-out', request, '-subj', '/O=test');
  const extensions = `${file}.ext`;
  writeFileSync(extensions, `subjectAltName=critical,${name}\nextendedKeyUsage=serverAuth,clientAuth\n`);
  const signer = ['-CA', by.certificate, '-CAkey', by.key, '-set_serial', String(Date.now())];
  openssl('x509', '-req', '-in', request, ...signer, '-days', '2', '-extfile', extensions, '-out', `${file}.crt`);
}

export function identityOf(namespace: string, account: string): string {
  return `spiffe://cluster.local/ns/${namespace}/sa/${account}`;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'] as const;

function openssl(...args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
