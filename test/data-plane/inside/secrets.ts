// Secrets that every proxy is taken to have: the mesh's own, and those of Kubernetes that a mesh names.
import { authority, issue, type KeyAndCertificate } from './certificates.ts';

export const authorities = {
  /** Of the mesh: pods know each other by it. */
  mesh: authority('mesh'),
  /** Whom the system's list of authorities trusts. */
  system: authority('system'),
  /** Of which only a Secret tells. */
  secret: authority('secret'),
};

const shared: readonly object[] = [
  trusted('ROOTCA', authorities.mesh.certificate),
  trusted('file-root:system', authorities.system.certificate),
  pair('secret', issue({ name: 'client', names: ['client.of.a.secret'] }, authorities.secret)),
  trusted('secret-cacert', authorities.secret.certificate),
];

/** Of a proxy that is `identity` in the mesh. */
export function secretsOf(identity: string): readonly object[] {
  return [pair('default', issue({ name: 'proxy', uri: identity }, authorities.mesh)), ...shared];
}

function pair(name: string, { key, certificate }: KeyAndCertificate): object {
  return {
    name,
    tls_certificate: { certificate_chain: { inline_string: certificate }, private_key: { inline_string: key } },
  };
}

function trusted(name: string, certificate: string): object {
  return { name, validation_context: { trusted_ca: { inline_string: certificate } } };
}
