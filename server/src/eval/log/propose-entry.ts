// The ServiceEntry that a host lacks which the client's sidecar does not know.
import type { Mesh } from '../../mesh/mesh.ts';
import { valueOf, type LogEntry } from './entry.ts';
import { entriesOf } from './link.ts';
import type { Proposal } from './propose.ts';
import { requestedOf } from './requested.ts';

/** Undefined where the files have the host already, and where the line does not say what is missing. */
export function proposeEntry(entry: LogEntry, mesh: Mesh | undefined): Proposal | undefined {
  const { host, port, address } = requestedOf(entry);
  if (port === undefined || (host ?? address) === undefined) return undefined;
  if (mesh && entriesOf(mesh, entry).length > 0) return undefined;
  const protocol = protocolOf(entry);
  const name = host ?? `address-${address!.replaceAll(/[.:]+/g, '-')}.internal`;
  return {
    title: 'A ServiceEntry that declares the host',
    manifest: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: name.replaceAll('.', '-'), namespace: 'NAMESPACE' },
      spec: {
        hosts: [name],
        ...(host === undefined ? { addresses: [address!] } : {}),
        ports: [{ number: port, name: protocol.toLowerCase(), protocol }],
        location: 'MESH_EXTERNAL',
        resolution: host === undefined ? 'NONE' : 'DNS',
      },
    },
    fill: [
      'NAMESPACE: the namespace of the client, or one that exports its ServiceEntries to it.',
      ...(host === undefined ? [`${name}: the line has only an address; write the host if you know it.`] : []),
    ],
    addTo: undefined,
  };
}

function protocolOf(entry: LogEntry): 'HTTP' | 'TLS' | 'TCP' {
  if (valueOf(entry, 'method') !== undefined) return 'HTTP';
  return valueOf(entry, 'requested_server_name') === undefined ? 'TCP' : 'TLS';
}
