// TLS that nothing originates, and Secrets that a waypoint may not read.
import type { Mesh } from '../../../mesh/mesh.ts';
import { describe } from '../../../model/resource.ts';
import { plaintextOf } from '../../../rules/tls/faults/plaintext.ts';
import { unreadableCredentials } from '../../../rules/tls/applied/unreadable-credentials.ts';
import { originationRule, reachesOthers } from '../../../rules/tls/repairs/origination.ts';
import { needed, type Offer } from '../offer.ts';
import { secretAccess } from '../templates.ts';
import { nearestOf } from './scan.ts';

/** Hosts whose plain port leads to a TLS port, and for which no DestinationRule exists. */
export function* missingOrigination(mesh: Mesh, near: string | undefined): Generator<Offer> {
  for (const entry of nearestOf(mesh, 'ServiceEntry', near)) {
    const found = plaintextOf(mesh, entry).filter(({ cause, rule }) => cause === 'no-rule' && !rule);
    for (const host of new Set(found.map((one) => one.host))) {
      if (reachesOthers(mesh, entry, host)) continue;
      const { port, binding } = found.find((one) => one.host === host)!;
      yield needed({
        id: `tls-origination ${entry.namespace} ${host}`,
        title: `TLS origination for ${host}`,
        detail: `DestinationRule: ${describe(entry)} sends port ${port.number!.value} to a TLS port, and no rule originates TLS`,
        namespace: entry.namespace,
        content: {
          name: `${host.replace(/^\*\./, '')}-tls`,
          manifest: originationRule(mesh, entry, host, entry.namespace, 'SIMPLE', binding),
        },
      });
    }
  }
}

/** Waypoints that need a Secret and may not list the Secrets of their namespace. */
export function* missingSecretAccess(mesh: Mesh, near: string | undefined): Generator<Offer> {
  const seen = new Set<string>();
  for (const rule of nearestOf(mesh, 'DestinationRule', near))
    for (const { field, waypoint, account } of unreadableCredentials(mesh, rule)) {
      const { namespace } = waypoint;
      const id = `secret-access ${namespace} ${account}`;
      if (seen.has(id)) continue;
      seen.add(id);
      yield needed({
        id,
        title: `Role and RoleBinding that let ${describe(waypoint)} read Secret ${field.value}`,
        detail: `${describe(rule)} names the Secret, and no Role lets the waypoint list Secrets`,
        namespace,
        content: { template: secretAccess, values: { namespace, waypoint: account } },
      });
    }
}
