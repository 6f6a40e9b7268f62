// Who may call a host, and which hosts a caller may call: rows of the access table, one call for each caller or host.
import { firstAndMore } from '../../base/and-more.ts';
import { compareText } from '../../base/compare.ts';
import { groupBy } from '../../base/group-by.ts';
import { filterInSteps, mapInSteps } from '../../base/steps.ts';
import { accessInSteps } from '../../eval/access/access.ts';
import type { Subject } from '../../eval/access/access-subjects.ts';
import type { AccessRow } from '../../eval/access/row.ts';
import { rowsOfCaller } from '../../eval/access/rows-of-caller.ts';
import { accessText } from '../../eval/access/wording.ts';
import { hostsOfEntry } from '../../mesh/hosts/hosts-of-entry.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Declaration } from '../../references/declarations.ts';
import { callerItem, hostItem, type CallEnd, type CallItem } from './call-items.ts';

export interface Call {
  /** The other end. Its detail says what may be sent. */
  readonly item: CallItem;
  /** What decides it: of each port the first places. */
  readonly because: readonly Declaration[];
}

/** More than an editor's tree helps with, and what takes a second or two in the largest meshes. */
export const mostCalls = 500;
const mostHosts = 5_000;

/**
 * Callers that may send anything, in the order of the access table; a last item says how many more there are. A denied caller is listed only where a wider one, the others of its
 * namespace or all others, is not denied: left out, it would seem to belong there. Gives back control after each caller.
 */
export function* incomingCalls(mesh: Mesh, end: CallEnd): Generator<undefined, readonly Call[]> {
  if (end.type !== 'hosts' || end.hosts.length === 0) return [];
  const { rows } = yield* accessInSteps(mesh, { hosts: end.hosts });
  const byCaller = groupBy(rows, ({ from }) => keyOfSubject(from));
  const isDenied = (subject: Subject): boolean =>
    (byCaller.get(keyOfSubject(subject)) ?? []).every((row) => row.access === 'none');
  const listed = yield* filterInSteps([...byCaller.values()], ([{ from }]) => {
    return !isDenied(from) || !widerThan(from).every(isDenied);
  });
  const calls = yield* mapInSteps(listed.slice(0, mostCalls), (group) => callFrom(mesh, group, end.hosts) ?? []);
  const shown = calls.flat();
  const others = listed.length - mostCalls;
  return others > 0 ? [...shown, ...moreCallers(mesh, others, end.hosts)] : shown;
}

function callFrom(mesh: Mesh, group: readonly AccessRow[], hosts: readonly string[]): Call | undefined {
  const because = becauseOf(group);
  const written = because[0] ?? hostItem(mesh, hosts[0]!)?.at;
  if (!written) return undefined;
  const item = callerItem(mesh, group[0]!.from, written);
  return { item: { ...item, detail: detailOf(group, hosts.length > 1) }, because };
}

function moreCallers(mesh: Mesh, count: number, hosts: readonly string[]): readonly Call[] {
  const item = hostItem(mesh, hosts[0]!);
  return item
    ? [
        {
          item: { ...item, end: { type: 'hosts', hosts: [] }, name: `${count} more callers`, detail: notListed },
          because: [],
        },
      ]
    : [];
}

const notListed = 'not listed here: Show Access lists them';

/** Hosts to which a caller may send anything; a last item says how many were not looked at. Gives back control after each host and port. */
export function* outgoingCalls(mesh: Mesh, end: CallEnd): Generator<Call | undefined> {
  if (end.type !== 'caller') return;
  let group: AccessRow[] = [];
  let [calls, hosts] = [0, 0];
  for (const rows of rowsOfCaller(mesh, end.subject)) {
    const [row] = rows;
    if (row && group[0]?.host !== row.host) {
      const call = callTo(mesh, group);
      if (call) calls++;
      hosts++;
      yield call;
      group = [];
      if (calls >= mostCalls || hosts > mostHosts) {
        yield theRest(mesh, row.host);
        return;
      }
    } else yield undefined;
    group.push(...rows);
  }
  yield callTo(mesh, group);
}

/** From this host on, as the hosts are in order. */
function theRest(mesh: Mesh, from: string): Call | undefined {
  const first = hostItem(mesh, from);
  const rest = new Set(
    mesh.all('ServiceEntry').flatMap((entry) => hostsOfEntry(entry).filter((host) => compareText(host, from) >= 0)),
  );
  if (!first) return undefined;
  const item: CallItem = {
    ...first,
    end: { type: 'hosts', hosts: [] },
    name: `${rest.size} more hosts, from ${from} on`,
    detail: 'not looked at here: Show Access lists them',
  };
  return { item, because: [] };
}

function callTo(mesh: Mesh, rows: readonly AccessRow[]): Call | undefined {
  const item = rows[0] && hostItem(mesh, rows[0].host);
  if (!item || rows.every((row) => row.access === 'none')) return undefined;
  return { item: { ...item, detail: detailOf(rows, false) }, because: becauseOf(rows) };
}

function widerThan(subject: Subject): readonly Subject[] {
  if (subject === '*') return [];
  const others: Subject = { namespace: subject.namespace, serviceAccount: undefined };
  return subject.serviceAccount === undefined ? ['*'] : [others, '*'];
}

/** `port 80: GET; port 443: undetermined, direct`: what goes to the host without a waypoint is marked. */
function detailOf(rows: readonly AccessRow[], withHost: boolean): string {
  return rows
    .map((row) => {
      const port = row.port === 0 ? 'all ports' : `port ${row.port}`;
      const where = withHost && row.host !== '*' ? `${row.host} ${port}` : port;
      return `${where}: ${accessText(row)}${row.via === 'direct' && row.access !== 'none' ? ', direct' : ''}`;
    })
    .join('; ');
}

function becauseOf(rows: readonly AccessRow[]): readonly Declaration[] {
  const places = rows.flatMap(({ because }) => firstAndMore(because).first);
  return [
    ...new Map(places.map(({ resource, span }) => [`${resource.id} ${span.start}`, { resource, at: span }])).values(),
  ];
}

function keyOfSubject(subject: Subject): string {
  return subject === '*' ? subject : `${subject.namespace}/${subject.serviceAccount ?? ''}`;
}
