// The address at which a sidecar takes a connection that no host is told apart by: whether clients dial it, DNS outside the files decides.
import { listsNoAddress } from '../../mesh/hosts/no-address.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isIpAddress, isSingleAddress } from '../../names/addresses.ts';
import { describe } from '../../model/resource.ts';
import { clientBytes } from './client-bytes.ts';
import { assumedStep, at, type Entry, type TraceState } from './state.ts';
import type { Step } from './step.ts';

/**
 * Listeners of TLS and TCP ports are bound to the addresses that an entry lists, and look at no server name there. Undefined where the name
 * of the request counts, or the sidecar's own DNS answers with such an address.
 * server/docs/istio-semantics-classic.md §A.21, §C.15, §C.21; istio@86c9f01 pilot/pkg/networking/core/listener.go buildSidecarOutboundListener.
 */
export function assumedAddress({ request }: TraceState, mesh: Mesh, entry: Entry): Step | undefined {
  const isByName = clientBytes(request) === 'http' || isIpAddress(request.host) || mesh.settings.sidecarDnsCapture;
  const [first, ...others] = entry.spec.addresses;
  if (isByName || !first || listsNoAddress(entry)) return undefined;
  const listed = `${describe(entry)} lists`;
  const address = isSingleAddress(first.value) ? first.value : `an address of ${first.value}`;
  const which = others.length > 0 ? `${address} or another that ${listed}` : `${address}, which ${listed}`;
  return assumedStep(
    'dns',
    'unknown',
    `${request.host} is assumed to resolve to ${which}: a connection to another address is not taken for it.`,
    at(entry, first.span),
  );
}
