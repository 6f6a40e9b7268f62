// The resources that use a waypoint by label; removes and restores these labels.
import { succeeded, type Command, type Run } from '../tools/command.ts';
import { labelsOf } from './live-gateway.ts';
import { listAt, parseJson, stringAt } from '../tools/parse-json.ts';
import { jsonTexts } from './projections.ts';
import { problemOf, unreadable, type Outcome, type Problem } from '../tools/problem.ts';
import { kubectl, read, type Limits, type Target } from '../tools/target.ts';

/** An object with the label `istio.io/use-waypoint`. */
export interface Labelled {
  readonly kind: 'Namespace' | 'Service' | 'ServiceEntry';
  /** Empty for a Namespace. */
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
}

export interface EnrolledIn {
  readonly labelled: readonly Labelled[];
  /** What could not be read, and why. */
  readonly unread: readonly { readonly what: string; readonly problem: Problem }[];
}

const places = [
  { what: 'Namespaces', resource: 'namespaces', where: [] },
  { what: 'Services', resource: 'services', where: ['--all-namespaces'] },
  { what: 'ServiceEntries', resource: 'serviceentries.networking.istio.io', where: ['--all-namespaces'] },
] as const;

/** Everything in the cluster whose own label names that Gateway. */
export async function enrolledIn(
  run: Run,
  target: Target & { readonly name: string },
  limits: Limits,
): Promise<EnrolledIn> {
  const found = await Promise.all(
    places.map(async (place) => ({ place, found: await labelledAt(run, target, place, limits) })),
  );
  return {
    labelled: found.flatMap((one) => (one.found.ok ? one.found.value : [])),
    // A cluster without ServiceEntries has none that could name it.
    unread: found.flatMap(({ place, found: one }) =>
      one.ok || one.problem.kind === 'missing-crd' ? [] : [{ what: place.what, problem: one.problem }],
    ),
  };
}

async function labelledAt(
  run: Run,
  { context, tools, namespace, name }: Target & { readonly name: string },
  { resource, where }: (typeof places)[number],
  limits: Limits,
): Promise<Outcome<readonly Labelled[]>> {
  const command = kubectl(
    { context, tools },
    'get',
    resource,
    ...where,
    `--selector=istio.io/use-waypoint=${name}`,
    '--output=json',
    '--request-timeout=13s',
  );
  const result = await read(run, command, limits);
  if (!succeeded(result)) return { ok: false, problem: problemOf('kubectl', command, result, context) };
  const lists = jsonTexts(result.stdout).map(parseJson);
  if (lists.some((list) => stringAt(list, 'kind') === undefined))
    return { ok: false, problem: unreadable('kubectl', command, 'a list of objects') };
  return {
    ok: true,
    value: lists
      .flatMap((list) => listAt(list, 'items'))
      .filter((item) => waypointNamespace(item) === namespace)
      .flatMap(labelledOf),
  };
}

/** istio@86c9f01 pilot/pkg/serviceregistry/ambient/waypoints.go GetUseWaypoint: its own namespace, a Namespace's own name, unless a second label says another. */
function waypointNamespace(item: unknown): string | undefined {
  const home = stringAt(item, 'metadata', 'namespace') ?? stringAt(item, 'metadata', 'name');
  return labelsOf(item).get('istio.io/use-waypoint-namespace') ?? home;
}

function labelledOf(item: unknown): readonly Labelled[] {
  const [kind, name] = [stringAt(item, 'kind'), stringAt(item, 'metadata', 'name')];
  if (name === undefined || (kind !== 'Namespace' && kind !== 'Service' && kind !== 'ServiceEntry')) return [];
  return [
    {
      kind,
      namespace: stringAt(item, 'metadata', 'namespace') ?? '',
      name,
      resourceVersion: stringAt(item, 'metadata', 'resourceVersion') ?? '',
    },
  ];
}

const resources: Readonly<Record<Labelled['kind'], string>> = {
  Namespace: 'namespaces',
  Service: 'services',
  ServiceEntry: 'serviceentries.networking.istio.io',
};

/** Sets the label to `value`, or takes it away; only as long as no one changed the object since it was read. */
export function labelCommand(
  { context, tools }: Pick<Target, 'context' | 'tools'>,
  { kind, namespace, name, resourceVersion }: Labelled,
  value: string | undefined,
  server: string,
): Command {
  return kubectl(
    { context, tools, ...(namespace === '' ? {} : { namespace }) },
    'label',
    `${resources[kind]}/${name}`,
    ...(value === undefined ? ['istio.io/use-waypoint-'] : [`istio.io/use-waypoint=${value}`, '--overwrite']),
    ...(resourceVersion === '' ? [] : [`--resource-version=${resourceVersion}`]),
    `--server=${server}`,
  );
}

/** `Namespace egress`, `ServiceEntry egress/httpbin`. */
export function nameOfLabelled({ kind, namespace, name }: Labelled): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}
