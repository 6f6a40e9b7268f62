// Certificate files of a TLS setting that a waypoint's pod does not have.
import type { Field } from '../../model/field.ts';
import type { ClientTls } from '../../model/specs.ts';

/**
 * The first of the files that is not there; undefined where all are, or a credential takes their place. TLS never starts then:
 * server/docs/istio-semantics.md §12.7.
 */
export function missingCertificateFile({
  clientCertificate,
  privateKey,
  caCertificates,
  credentialName,
}: ClientTls): Field<string> | undefined {
  if (credentialName?.value) return undefined;
  return [clientCertificate, privateKey, caCertificates].find(
    (field) => field && field.value !== '' && field.value !== 'system' && !isMounted(field.value),
  );
}

/** What the proxy's image and every pod of it have. istio@86c9f01 manifests/charts/istio-control/istio-discovery/files/waypoint.yaml. */
function isMounted(path: string): boolean {
  return /^\/(etc\/ssl|usr|var\/run\/secrets|run\/secrets|etc\/istio\/proxy)\//.test(path);
}
