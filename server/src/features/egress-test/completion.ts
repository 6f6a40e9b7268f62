// What can stand at a place of a file of expectations: keys, and values that the manifests make likely.
import type { Span } from '../../base/span.ts';
import { subjectsOf } from '../../eval/access/access-subjects.ts';
import { egressGatewayOf } from '../../mesh/clients/egress-gateway.ts';
import { isManaged } from '../../mesh/clients/managed-gateway.ts';
import { isWaypointClass } from '../../mesh/binding/waypoint-gateway.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { serviceHost } from '../../names/hosts.ts';
import { expectations, tlsModes } from '../../sources/egress-test.ts';
import { urlOf } from '../facts/known-requests.ts';
import { cursorAt, type Cursor } from './cursor.ts';
import { newCaseSnippet, newCaseText } from './new-case.ts';
import { caseKeys, docOfValue, methods, requestKeys, type KeyWords } from './key-docs.ts';

export interface Choice {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'case';
  readonly doc: string;
  readonly newText: string;
  /** The same with places to fill in, where an editor knows such; else `newText`. */
  readonly snippet?: string;
  /** In the file. */
  readonly replace: Span;
}

/** The longest list of candidates. */
const most = 500;

export function egressTestChoices(text: string, offset: number, mesh: Mesh): readonly Choice[] {
  const cursor = cursorAt(text, offset);
  if (cursor === undefined) return [];
  if (cursor === 'start') return [newCase(text, offset)];
  if (cursor.at === 'key')
    return keysAt(cursor).map(({ key, doc }) => ({
      label: key,
      kind: 'key',
      doc,
      newText: cursor.hasColon ? key : `${key}: `,
      replace: cursor.replace,
    }));
  return valuesAt(cursor, mesh)
    .slice(0, most)
    .map(({ value, doc = '' }) => ({ label: value, kind: 'value', doc, newText: value, replace: cursor.replace }));
}

function newCase(text: string, offset: number): Choice {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return {
    label: 'case',
    kind: 'case',
    doc: 'The client, the request and the expected result.',
    replace: { start, end: offset },
    newText: newCaseText,
    snippet: newCaseSnippet,
  };
}

function keysAt({ path, beside }: Cursor): readonly KeyWords[] {
  const inRequest = path.length === 1 && path[0] === 'request' ? requestKeys : [];
  const keys = path.length === 0 ? caseKeys : inRequest;
  return keys.filter(({ key }) => !beside.includes(key));
}

interface Value {
  readonly value: string;
  readonly doc?: string;
}

function valuesAt({ path }: Cursor, mesh: Mesh): readonly Value[] {
  const plain = (values: readonly string[]): readonly Value[] => values.map((value) => ({ value }));
  switch (path.join('.')) {
    case 'from':
      return plain(callers(mesh));
    case 'request':
    case 'request.url':
      return plain(urls(mesh));
    case 'request.method':
      return plain(methods);
    case 'expect':
      return expectations.map((value) => ({ value, doc: docOfValue('expect', value) }));
    case 'via':
      return [
        ...plain(waypoints(mesh)),
        ...plain(egressGateways(mesh)),
        { value: 'sidecar', doc: "The client's sidecar connects to the host itself." },
        { value: 'direct', doc: 'No waypoint and no egress gateway is used.' },
      ];
    case 'tls':
      return plain(tlsModes);
    case 'sni':
      return plain(hosts(mesh));
    default:
      return path.length === 2 && path[0] === 'labels' ? plain(labelValues(mesh, path[1]!)) : [];
  }
}

/** Those that workloads, policies and files name. Accounts first: a namespace alone means its `default`. */
function callers(mesh: Mesh): readonly string[] {
  const subjects = subjectsOf(mesh).filter((subject) => subject !== '*');
  const accounts = subjects.flatMap(({ namespace, serviceAccount }) =>
    serviceAccount === undefined ? [] : [`${namespace}/${serviceAccount}`],
  );
  return [...accounts, ...sorted(subjects.map(({ namespace }) => namespace))];
}

function urls(mesh: Mesh): readonly string[] {
  return sorted(
    mesh
      .all('ServiceEntry')
      .flatMap(({ spec }) => spec.hosts.flatMap(({ value }) => spec.ports.map((port) => urlOf(value, port)))),
  );
}

function hosts(mesh: Mesh): readonly string[] {
  return sorted(mesh.all('ServiceEntry').flatMap(({ spec }) => spec.hosts.map(({ value }) => value))).filter(
    (host) => !host.startsWith('*'),
  );
}

function waypoints(mesh: Mesh): readonly string[] {
  return sorted(
    mesh
      .all('Gateway')
      .filter((gateway) => isWaypointClass(gateway, mesh.settings) !== false)
      .map(({ namespace, name }) => `${namespace}/${name}`),
  );
}

/** By their Services, where a Gateway configures the pods, and Gateways of the Gateway API. */
function egressGateways(mesh: Mesh): readonly string[] {
  const managed = mesh.all('Gateway').filter((one) => isManaged(mesh, one));
  return sorted([
    ...managed.map(({ namespace, name }) => `gateway ${namespace}/${name}`),
    ...mesh
      .all('Service')
      .filter(
        (one) => (egressGatewayOf(mesh, serviceHost(one, mesh.settings.clusterDomain), one)?.gateways ?? []).length > 0,
      )
      .map(({ namespace, name }) => `gateway ${namespace}/${name}`),
  ]);
}

function labelValues(mesh: Mesh, key: string): readonly string[] {
  return sorted([...mesh.all('Workload'), ...mesh.all('Pod')].flatMap(({ spec }) => spec.labels.get(key)?.value ?? []));
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
