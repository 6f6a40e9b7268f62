import { missingCertificateFile } from '../../mesh/destination-rules/certificate-files.ts';
import {
  credentialOf,
  rootsOfPolicy,
  secretBesideRule,
  type Credential,
  type CredentialPart,
} from '../../mesh/destination-rules/credential.ts';
import {
  gatewayReader,
  readerText,
  sidecarReader,
  waypointReader,
  type SecretReader,
} from '../../mesh/destination-rules/secret-access.ts';
import type { TlsSource } from '../../mesh/destination-rules/upstream-tls.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe, type Resource } from '../../model/resource.ts';
import type { ClientTls } from '../../model/specs.ts';
import { assumedStep, at, atName, step, type TraceState } from './state.ts';
import type { Step } from './step.ts';

/**
 * What the proxy needs for a handshake from Secrets or files: `no` if it certainly does not get it, `unknown` if files speak against
 * it, or if that it does is assumed; undefined if it needs nothing.
 */
export function credentialStep(state: TraceState, mesh: Mesh, source: TlsSource): Step | undefined {
  const reader = readerOf(state, mesh);
  if (!reader) return undefined;
  return source.by === 'DestinationRule' ? forRule(mesh, source.rule, source.tls, reader) : forPolicy(mesh, source);
}

/** The proxy that opens the connection. */
function readerOf({ path, waypoint, gateway, request }: TraceState, mesh: Mesh): SecretReader | undefined {
  if (path === 'gateway' && gateway) return gatewayReader(mesh, gateway.pods);
  if (path === 'sidecar') return sidecarReader(request.from);
  return waypoint && waypointReader(waypoint);
}

function forRule(mesh: Mesh, rule: Resource<'DestinationRule'>, tls: ClientTls, reader: SecretReader) {
  return ofFile(rule, tls, reader) ?? ofCredential(mesh, rule, reader, credentialOf(mesh, tls, reader));
}

/** Files can be mounted into the pods of gateways and of clients, which no manifest of Istio shows. */
function ofFile(rule: Resource<'DestinationRule'>, tls: ClientTls, reader: SecretReader): Step | undefined {
  const file = missingCertificateFile(tls);
  if (!file) return undefined;
  const place = at(rule, file.span);
  if (reader.proxy === 'waypoint')
    return step('tls', 'no', `The pods of ${readerText(reader)} have no file ${file.value}.`, place);
  return assumedStep(
    'tls',
    'unknown',
    `File ${file.value} is assumed to exist in the pods of ${readerText(reader)}.`,
    place,
  );
}

function ofCredential(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  reader: SecretReader,
  credential: Credential | undefined,
): Step | undefined {
  if (!credential) return undefined;
  const place = at(rule, credential.field.span);
  const name = readerText(reader);
  if (credential.state === 'refused')
    return step(
      'tls',
      'no',
      credential.reason === 'other-namespace'
        ? `${credential.field.value} is in another namespace than ${name}, so it is not sent to the ${reader.proxy}.`
        : `${credential.field.value} is not a valid credential name.`,
      place,
    );
  const { parts, access } = credential;
  const missing = parts.find(({ present }) => present === 'no');
  if (missing)
    return step(
      'tls',
      'no',
      missing.isForRoots
        ? `${nameOf(missing)} gives no client certificate: of a name that ends with -cacert only the CA certificate is handed out.`
        : `${nameOf(missing)} with the required keys does not exist.`,
      place,
      missing.secret && atName(missing.secret),
    );
  const forbidden = parts.find(({ allowed }) => allowed === 'no');
  if (forbidden)
    return step(
      'tls',
      'no',
      `Service account ${reader.namespace}/${access.serviceAccount} of the ${reader.proxy} has no permission to list Secrets, so the ${reader.proxy} does not get ${nameOf(forbidden)}.`,
      place,
      ...access.evidence.map(atName),
    );
  const astray = secretBesideRule(mesh, parts, rule.namespace, reader.namespace);
  if (astray)
    return step(
      'tls',
      'unknown',
      `TLS fails unless Secret ${reader.namespace}/${astray.name} exists: the ${reader.proxy} does not read ${describe(astray)}.`,
      place,
      atName(astray),
    );
  const open = parts.find(({ present, allowed }) => present === 'unknown' || allowed === 'unknown');
  return (
    open &&
    assumedStep(
      'tls',
      'unknown',
      `${nameOf(open)} is assumed to exist and to be readable by the ${reader.proxy}.`,
      place,
    )
  );
}

/** Any proxy may read a ConfigMap. */
function forPolicy(mesh: Mesh, { policy }: Extract<TlsSource, { by: 'BackendTLSPolicy' }>): Step | undefined {
  const roots = rootsOfPolicy(mesh, policy);
  if (!roots || roots.present === 'yes') return undefined;
  const place = at(policy, roots.field.span);
  return roots.present === 'no'
    ? step('tls', 'no', `${roots.name} does not exist, so the server's certificate cannot be verified.`, place)
    : assumedStep('tls', 'unknown', `${roots.name} is assumed to exist.`, place);
}

function nameOf({ kind, namespace, names }: CredentialPart): string {
  return `${kind} ${namespace}/${names.join(' or ')}`;
}
