// The documentation of a choice: an editor asks for it when the choice is selected.
import { groupOf } from '../../model/kind-of.ts';
import { describeField } from '../../schema/describe.ts';
import { fieldText } from '../facts/field-text.ts';
import type { FieldName } from './choice.ts';

/** Markdown; empty where the field is not known. */
export function documentationOf({ apiVersion, kind, path }: FieldName): string {
  const description = describeField(apiVersion, kind, path);
  if (!description) return '';
  const href = path[0] === 'spec' ? referencePage(apiVersion, kind) : undefined;
  const text = fieldText(String(path.at(-1)), description);
  return href === undefined ? text : `${text}\n\n[Reference of ${kind}](${href})`;
}

const istio = 'https://istio.io/latest/docs/reference/config';
const kubernetes = 'https://kubernetes.io/docs/concepts';

const pages: Readonly<Record<string, string>> = {
  'networking.istio.io/ServiceEntry': `${istio}/networking/service-entry/#ServiceEntry`,
  'networking.istio.io/DestinationRule': `${istio}/networking/destination-rule/#DestinationRule`,
  'networking.istio.io/VirtualService': `${istio}/networking/virtual-service/#VirtualService`,
  'networking.istio.io/Gateway': `${istio}/networking/gateway/#Gateway`,
  'networking.istio.io/Sidecar': `${istio}/networking/sidecar/#Sidecar`,
  'networking.istio.io/WorkloadEntry': `${istio}/networking/workload-entry/#WorkloadEntry`,
  'security.istio.io/AuthorizationPolicy': `${istio}/security/authorization-policy/#AuthorizationPolicy`,
  'security.istio.io/PeerAuthentication': `${istio}/security/peer_authentication/#PeerAuthentication`,
  'telemetry.istio.io/Telemetry': `${istio}/telemetry/#Telemetry`,
  '/Service': `${kubernetes}/services-networking/service/`,
  'networking.k8s.io/NetworkPolicy': `${kubernetes}/services-networking/network-policies/`,
};

function referencePage(apiVersion: string, kind: string): string | undefined {
  const group = groupOf(apiVersion);
  if (group === 'gateway.networking.k8s.io')
    return `https://gateway-api.sigs.k8s.io/reference/spec/#${kind.toLowerCase()}`;
  return pages[`${group}/${kind}`];
}
