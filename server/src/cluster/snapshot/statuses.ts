// The status that controllers report for objects in the cluster, as a separate source of findings: it is valid for one moment and
// for the cluster, not for the files.
import type { Kind } from '../../model/kinds.ts';
import { at, listAt, numberAt, stringAt } from '../tools/parse-json.ts';
import type { LiveObject } from '../objects/live-object.ts';
import type { Snapshot } from './snapshot.ts';

/** The name of the source, beside `istio-egress` of static findings. */
export const statusSource = 'istio-egress (cluster)';

export interface StatusFinding {
  /** `status-waypoint-bound`, after the condition. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information';
  /** With the cluster, the reason, and the times. */
  readonly message: string;
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  /** The condition's type without Istio's prefix: `WaypointBound`. */
  readonly condition: string;
  readonly status: string;
  readonly reason: string;
  /** When the condition last changed, as the controller wrote it; undefined if it wrote nothing. */
  readonly since: string | undefined;
  /** When the cluster was read. ISO 8601. */
  readonly takenAt: string;
}

/** In the order of the objects; what is as it should be is not mentioned. */
export function statusFindings(snapshot: Snapshot): readonly StatusFinding[] {
  return snapshot.objects.flatMap((object) =>
    conditionsOf(object.object).flatMap((condition) => judge(snapshot, object, condition)),
  );
}

interface Reported {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly since: string | undefined;
  /** Where in the object it stands, for users: `listener mesh`. */
  readonly part: string;
  readonly current: boolean;
}

function conditionsOf(object: object): readonly Reported[] {
  const generation = numberAt(object, 'metadata', 'generation');
  const read = (holder: unknown, part: string) =>
    listAt(holder, 'conditions').flatMap((condition) => reportedOf(condition, part, generation));
  const status = at(object, 'status');
  return [
    ...read(status, ''),
    ...listAt(status, 'listeners').flatMap((listener) =>
      read(listener, `listener ${stringAt(listener, 'name') ?? ''}`),
    ),
    // Routes report for each parent, policies of the Gateway API for each ancestor.
    ...listAt(status, 'parents').flatMap((parent) =>
      read(parent, `parent ${stringAt(parent, 'parentRef', 'name') ?? ''}`),
    ),
    ...listAt(status, 'ancestors').flatMap((ancestor) =>
      read(ancestor, `target ${stringAt(ancestor, 'ancestorRef', 'name') ?? ''}`),
    ),
  ];
}

function reportedOf(condition: unknown, part: string, generation: number | undefined): readonly Reported[] {
  const type = stringAt(condition, 'type');
  if (type === undefined) return [];
  const observed = numberAt(condition, 'observedGeneration');
  return [
    {
      type: type.replace(/^istio\.io\//, ''),
      part,
      status: stringAt(condition, 'status') ?? 'Unknown',
      reason: stringAt(condition, 'reason') ?? '',
      message: stringAt(condition, 'message') ?? '',
      since: stringAt(condition, 'lastTransitionTime'),
      current: observed === undefined || generation === undefined || observed >= generation,
    },
  ];
}

const mustBeTrue: ReadonlySet<string> = new Set([
  'WaypointBound',
  'WaypointAccepted',
  'ZtunnelAccepted',
  'Accepted',
  'Programmed',
  'ResolvedRefs',
]);
const mustBeFalse: ReadonlySet<string> = new Set(['Conflicted', 'OverlappingTLSConfig']);

function judge(
  { context, takenAt }: Snapshot,
  { kind, namespace, name, object }: LiveObject,
  reported: Reported,
): readonly StatusFinding[] {
  const severity = severityOf(reported);
  if (severity === undefined) return [];
  const { type, status, reason, message, since, part, current } = reported;
  const what = `${stringAt(object, 'kind') ?? kind} ${namespace === '' ? '' : `${namespace}/`}${name}${part === '' ? '' : `, ${part}`}`;
  const why = `${reason === '' ? '' : ` (${reason})`}${message === '' ? '' : `: ${message}`}`;
  const when = `${since === undefined ? '' : `since ${seconds(since)}, `}read ${seconds(takenAt)}${current ? '' : ', for an earlier version of the resource'}`;
  return [
    {
      code: `status-${type.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()}`,
      severity,
      kind,
      namespace,
      name,
      condition: type,
      status,
      reason,
      since,
      takenAt,
      message: `In cluster ${context}, ${what}: ${type} is ${status}${why} [${when}]`,
    },
  ];
}

/** Undefined if all is well, or where the condition is none of ours. */
function severityOf({ type, status, reason, current }: Reported): StatusFinding['severity'] | undefined {
  if (mustBeFalse.has(type)) return status === 'True' ? 'warning' : undefined;
  if (!mustBeTrue.has(type)) return undefined;
  if (status === 'Unknown' || !current) return 'information';
  if (status === 'False') return type === 'Accepted' || type === 'Programmed' ? 'error' : 'warning';
  // istio@86c9f01 pilot/pkg/serviceregistry/ambient/authorization.go: accepted, with the parts left out that ztunnel cannot judge
  return reason === 'UnsupportedValue' ? 'warning' : undefined;
}

/** Fractions of a second are omitted. */
function seconds(time: string): string {
  return time.replace(/\.\d+(?=Z$)/, '');
}
