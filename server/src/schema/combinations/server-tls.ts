// TLS of listeners, in Gateways and in Sidecars. istio@86c9f01 pkg/config/validation/validation.go validateTLSOptions.
import { discouraged, refusedKey, type Fault } from './combination-check.ts';
import { each, field, has, text, type Place } from './field-place.ts';

const own = [
  'serverCertificate',
  'privateKey',
  'caCertificates',
  'tlsCertificates',
  'credentialName',
  'credentialNames',
];

export function* serverTlsFaults(tls: Place): Generator<Fault> {
  if (tls.node?.kind !== 'map') return;
  const mode = text(tls, 'mode') || 'PASSTHROUGH';
  yield* onlyOne(tls);
  if (['TLSV1_0', 'TLSV1_1'].includes(text(tls, 'minProtocolVersion')) && !has(tls, 'cipherSuites'))
    yield discouraged(
      field(tls, 'minProtocolVersion'),
      'TLS versions this old have no default ciphers: set `cipherSuites`.',
    );
  yield* cipherFaults(tls);
  if (mode === 'ISTIO_MUTUAL') {
    for (const name of own)
      if (has(tls, name))
        yield refusedKey(
          field(tls, name),
          `With mode ISTIO_MUTUAL Istio provides the certificates: \`${name}\` must not be set.`,
        );
    return;
  }
  const given = [...own, 'caCrl'].find((name) => has(tls, name));
  if (mode.endsWith('PASSTHROUGH')) {
    if (given !== undefined)
      yield discouraged(field(tls, given), `With mode ${mode} TLS is not terminated here: \`${given}\` has no effect.`);
    if (has(tls, 'caCrl') && has(tls, 'credentialName'))
      yield refusedKey(
        field(tls, 'caCrl'),
        'With `credentialName` the credential contains the revocation list: `caCrl` must not be set.',
      );
    return;
  }
  yield* certificateFaults(tls, mode);
}

function* onlyOne(tls: Place): Generator<Fault> {
  for (const [a, b] of [
    ['credentialName', 'credentialNames'],
    ['tlsCertificates', 'credentialNames'],
  ] as const) {
    if (field(tls, a).node && field(tls, b).node)
      yield refusedKey(field(tls, b), `Only one of \`${a}\` and \`${b}\` may be set.`);
  }
  if (text(tls, 'mode') === 'ISTIO_MUTUAL') return;
  const sources = [
    'credentialName',
    'tlsCertificates',
    'credentialNames',
    ...(has(tls, 'privateKey') ? ['serverCertificate'] : []),
  ].filter((name) => has(tls, name));
  if (sources.length > 1)
    yield refusedKey(
      field(tls, sources[1]!),
      `Only one source of certificates is allowed: \`${sources.join('` and `')}\` must not both be set.`,
    );
}

function* certificateFaults(tls: Place, mode: string): Generator<Fault> {
  if (has(tls, 'credentialName') || has(tls, 'credentialNames')) return;
  const pairs = each(tls, 'tlsCertificates');
  if (mode.endsWith('MUTUAL') && !has(tls, 'caCertificates'))
    yield refusedKey(tls, `With mode ${mode} the proxy verifies clients: \`caCertificates\` is missing.`);
  if (pairs.length > 2) yield discouraged(pairs[2]!, 'Only two certificates are used.');
  for (const pair of pairs.length > 0 ? pairs : [tls]) {
    for (const name of ['serverCertificate', 'privateKey'])
      if (!has(pair, name))
        yield refusedKey(pair, `With mode ${mode} the listener needs \`${name}\`, or a credential.`);
  }
  if (has(tls, 'caCrl') && mode === 'SIMPLE')
    yield refusedKey(field(tls, 'caCrl'), 'With mode SIMPLE clients send no certificate: `caCrl` must not be set.');
}

/** istio@86c9f01 pkg/config/security/security.go ValidCipherSuites. */
const ciphers: ReadonlySet<string> = new Set(
  (
    'ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 ECDHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-CHACHA20-POLY1305 ' +
    'ECDHE-RSA-CHACHA20-POLY1305 ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES128-SHA ECDHE-ECDSA-AES256-SHA ECDHE-RSA-AES256-SHA AES128-GCM-SHA256 AES256-GCM-SHA384 AES128-SHA AES256-SHA DES-CBC3-SHA'
  ).split(' '),
);

function* cipherFaults(tls: Place): Generator<Fault> {
  const seen = new Set<string>();
  for (const item of each(tls, 'cipherSuites')) {
    const name = text(item);
    if (!/^[\p{L}\p{N}]/u.test(name) || name === 'ALL') continue; // operators and expressions are not read by istiod either
    if (!ciphers.has(name)) yield discouraged(item, `"${name}" is not a cipher that Istio supports: it is ignored.`);
    else if (seen.has(name)) yield discouraged(item, `${name} is listed twice.`);
    seen.add(name);
  }
}
