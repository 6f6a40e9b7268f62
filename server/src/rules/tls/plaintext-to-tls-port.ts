import { groupBy } from '../../base/group-by.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { plaintextOf, type Plaintext } from './faults/plaintext.ts';
import { repairsOf, type Group } from './repairs/plaintext-repairs.ts';
import { messageOf, relatedOf } from './faults/plaintext-wording.ts';
import { routeInputs, tlsInputs } from '../shared/inputs.ts';

/** The index of the group in the ServiceEntry; fixes look both up again. */
interface Data {
  readonly host: string;
  readonly port: number;
}

export const plaintextToTlsPort = defineRule({
  id: 'plaintext-to-tls-port',
  stage: 'tls',
  summary: 'Plaintext is sent to a port that expects TLS, so requests fail.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['ServiceEntry'],
  isOfIstioWaypoints: true,
  inputs: [...tlsInputs, ...routeInputs],

  *check(entry, mesh): Iterable<RuleFinding<Data>> {
    for (const group of groupsOf(plaintextOf(mesh, entry))) {
      const [{ port, host, target }] = group;
      yield {
        at: target.at,
        message: messageOf(group),
        related: relatedOf(group),
        data: { host, port: port.number!.value },
      };
    }
  },

  *fixes({ host, port }, entry, mesh) {
    const found = groupsOf(plaintextOf(mesh, entry)).find((group) =>
      group.some((one) => one.host === host && one.port.number?.value === port),
    );
    if (found) yield* repairsOf({ mesh, entry, found });
  },
});

/** Hosts and ports of one cause are one finding. */
function groupsOf(all: readonly Plaintext[]): Group['found'][] {
  return [...groupBy(all, ({ cause, rule }) => `${cause} ${rule?.id ?? ''}`).values()];
}
