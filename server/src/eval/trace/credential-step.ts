import { missingCertificateFile } from '../../mesh/destination-rules/certificate-files.ts';
import { credentialOf, type CredentialPart } from '../../mesh/destination-rules/credential.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ClientTls } from '../../model/specs.ts';
import type { Resource } from '../../model/resource.ts';
import { assumedStep, at, atName, step } from './state.ts';
import type { Step } from './step.ts';

/** What the waypoint needs for a handshake from Secrets or files: `no` if it certainly does not get it, `unknown` if that is assumed; undefined if it needs nothing. */
export function credentialStep(
  mesh: Mesh,
  rule: Resource<'DestinationRule'>,
  tls: ClientTls,
  gateway: Resource<'Gateway'>,
): Step | undefined {
  const file = missingCertificateFile(tls);
  if (file)
    return step(
      'tls',
      'no',
      `The pods of waypoint ${gateway.namespace}/${gateway.name} have no file ${file.value}.`,
      at(rule, file.span),
    );
  const credential = credentialOf(mesh, tls, gateway);
  if (!credential) return undefined;
  const place = at(rule, credential.field.span);
  if (credential.state === 'refused')
    return step(
      'tls',
      'no',
      credential.reason === 'other-namespace'
        ? `${credential.field.value} is in another namespace than waypoint ${gateway.namespace}/${gateway.name}, so it is not sent to the waypoint.`
        : `${credential.field.value} is not a valid credential name.`,
      place,
    );
  const { parts, access } = credential;
  const missing = parts.find(({ present }) => present === 'no');
  if (missing)
    return step(
      'tls',
      'no',
      `${nameOf(missing)} with the required keys does not exist.`,
      place,
      missing.secret && atName(missing.secret),
    );
  const forbidden = parts.find(({ allowed }) => allowed === 'no');
  if (forbidden)
    return step(
      'tls',
      'no',
      `Service account ${gateway.namespace}/${access.serviceAccount} of the waypoint has no permission to list Secrets, so the waypoint does not get ${nameOf(forbidden)}.`,
      place,
      ...access.evidence.map(atName),
    );
  const open = parts.find(({ present, allowed }) => present === 'unknown' || allowed === 'unknown');
  return (
    open &&
    assumedStep('tls', 'unknown', `${nameOf(open)} is assumed to exist and to be readable by the waypoint.`, place)
  );
}

function nameOf({ kind, namespace, names }: CredentialPart): string {
  return `${kind} ${namespace}/${names.join(' or ')}`;
}
