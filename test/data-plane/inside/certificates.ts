// Certificates for sites, clients and proxies, made as they are needed: openssl would take a process for each, and cannot date one back.
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { bits, identifier, integer, octets, sequence, setOf, tagged, text, time, yes } from './der.ts';

export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

interface Issuer extends KeyAndCertificate {
  readonly name: string;
  readonly secret: KeyObject;
}

export interface Subject {
  readonly name: string;
  readonly names?: readonly string[];
  readonly uri?: string;
  readonly expired?: boolean;
}

const ecdsaWithSha256 = sequence(identifier('1.2.840.10045.4.3.2'));
const day = 86_400_000;
// Four bytes without a leading zero, as DER wants them.
let serial = 0x1000_0000;

export function authority(name: string): Issuer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isAuthority = extension('2.5.29.19', sequence(yes));
  const certificate = certify({ name }, publicKey, { name, secret: privateKey }, [isAuthority]);
  return { name, secret: privateKey, key: pem(privateKey), certificate };
}

// One key for all: making one takes longer than the signature.
const shared = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const sharedKey = pem(shared.privateKey);

/** Signed by the authority; without one, by itself. */
export function issue(subject: Subject, by: Issuer | undefined): KeyAndCertificate {
  const others = (subject.names ?? []).map((one) => tagged(0x82, Buffer.from(one)));
  const alternatives = [...others, ...(subject.uri === undefined ? [] : [tagged(0x86, Buffer.from(subject.uri))])];
  const extensions = [
    extension('2.5.29.17', sequence(...alternatives)),
    extension('2.5.29.37', sequence(identifier('1.3.6.1.5.5.7.3.1'), identifier('1.3.6.1.5.5.7.3.2'))),
  ];
  const issuer = by ?? { name: subject.name, secret: shared.privateKey };
  return { key: sharedKey, certificate: certify(subject, shared.publicKey, issuer, extensions) };
}

function certify(
  { name, expired }: Subject,
  publicKey: KeyObject,
  issuer: Pick<Issuer, 'name' | 'secret'>,
  extensions: readonly Buffer[],
): string {
  const now = Date.now();
  const content = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    integer(serial++),
    ecdsaWithSha256,
    nameOf(issuer.name),
    sequence(time(new Date(now - 3 * day)), time(new Date(expired ? now - day : now + 3 * day))),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', content, issuer.secret);
  return wrapped('CERTIFICATE', sequence(content, ecdsaWithSha256, bits(signature)));
}

function nameOf(name: string): Buffer {
  return sequence(setOf(sequence(identifier('2.5.4.10'), text(name))));
}

function extension(id: string, content: Buffer): Buffer {
  return sequence(identifier(id), octets(content));
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function wrapped(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
