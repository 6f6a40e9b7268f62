// Whether the waypoint writes an access log for a host, and which Telemetry or setting decides it.
import type { Span } from '../../base/span.ts';
import type { Resource } from '../../model/resource.ts';
import { isForServer, mergeLogs } from './merge-logs.ts';
import type { Mesh } from '../mesh.ts';
import { since, type MeshSettings } from '../settings.ts';
import { namespaceWide, type Telemetry } from './namespace-telemetries.ts';
import { permutations } from '../../base/permutations.ts';

export interface AccessLog {
  readonly state: 'logged' | 'not-logged' | 'unknown';
  /** Telemetries whose access logging has a say, from the widest to the nearest; none where the mesh settings decide. */
  readonly by: readonly Telemetry[];
  /** Providers that write; empty where `accessLogFile` of the mesh settings does, and where nothing does. */
  readonly providers: readonly string[];
  readonly reasons: readonly AccessLogReason[];
}

interface AccessLogReason {
  readonly why: /** `mode: CLIENT` never applies at a waypoint. */
    | 'client-mode'
    /** Attached to the waypoint, which counts for entries of its own namespace only. */
    | 'gateway-out-of-reach'
    /** The mesh settings show no such provider; `state` is `unknown` where they show none at all. */
    | 'unknown-provider'
    /** The provider is built in and writes no access log. */
    | 'provider-without-log'
    /** Switched off. */
    | 'disabled'
    /** Names no provider, and the mesh has no default provider. */
    | 'no-provider'
    /** Several for a whole namespace, or several attached: the oldest counts, or the youngest. */
    | 'age'
    /** Before 1.31 Istio ignores the ServiceEntry's namespace if the waypoint is in another one. */
    | 'version'
    /** A Telemetry may exist that no source shows. */
    | 'not-vouched';
  readonly telemetry: Telemetry | undefined;
  readonly span: Span | undefined;
  readonly provider: string | undefined;
}

/** The log entries of the waypoint for a request to the ServiceEntry. Filters are not evaluated: a log of only some requests counts as a log. */
export function accessLogFor(mesh: Mesh, entry: Resource<'ServiceEntry'>, gateway: Resource<'Gateway'>): AccessLog {
  const scope = scopeOf(mesh, entry, gateway);
  const outcomes = orders(scope).map((layers) => outcomeOf(mesh.settings, layers));
  const [first, ...others] = outcomes;
  const by = [...scope.wide.flat(), ...scope.attached].filter(({ spec }) => spec.accessLogging.length > 0);
  const agreed =
    first &&
    others.every((other) => other.state === first.state && String(other.providers) === String(first.providers));
  const unseen = scope.visited.some((namespace) => !mesh.knows('Telemetry', namespace));
  const reasons = [
    ...scope.reasons,
    ...(first?.reasons ?? []),
    ...(agreed ? [] : by.map((telemetry) => reason('age', telemetry))),
    ...(unseen ? [reason('not-vouched')] : []),
  ];
  if (!agreed || unseen) return { state: 'unknown', by, providers: [], reasons };
  return { state: first.state, by, providers: first.providers, reasons };
}

interface Scope {
  readonly visited: readonly string[];
  /** For each namespace in order, those that could be the one that counts for all of it. */
  readonly wide: readonly (readonly Telemetry[])[];
  readonly attached: readonly Telemetry[];
  readonly reasons: readonly AccessLogReason[];
}

/** istio@86c9f01 pilot/pkg/model/telemetry.go applicableTelemetries. */
function scopeOf(mesh: Mesh, entry: Resource<'ServiceEntry'>, gateway: Resource<'Gateway'>): Scope {
  const root = mesh.settings.rootNamespace;
  const apart = entry.namespace !== gateway.namespace;
  const counted = apart && since(mesh.settings, '1.31') ? [entry.namespace] : [];
  const namespaces = [root, ...(gateway.namespace === root ? [] : [gateway.namespace]), ...counted];
  const attaching = mesh.targeting('ServiceEntry', entry.namespace, entry.name).filter(isTelemetry);
  const onGateway = mesh.derived(`telemetries at ${gateway.namespace}/${gateway.name}`, (view) =>
    view.targeting('Gateway', gateway.namespace, gateway.name).filter(isTelemetry),
  );
  // A class is looked up among the Telemetries of the namespace that attached ones come from, and must lie in the root. INFER
  const onClass =
    entry.namespace === root
      ? mesh
          .targeting('GatewayClass', '', 'istio-waypoint')
          .filter(isTelemetry)
          .filter(({ namespace }) => namespace === root)
      : [];
  return {
    visited: [...new Set([...namespaces, entry.namespace])],
    // The oldest counts, whatever it holds.
    wide: namespaces.map((namespace) => namespaceWide(mesh, namespace)),
    attached: [...new Set([...attaching, ...(apart ? [] : onGateway), ...onClass])],
    reasons: [
      ...(apart
        ? onGateway
            .filter((one) => !attaching.includes(one))
            .map((one) => reason('gateway-out-of-reach', one, targetSpan(one, 'Gateway')))
        : []),
      ...(apart && counted.length === 0
        ? namespaceWide(mesh, entry.namespace).map((one) => reason('version', one))
        : []),
    ],
  };
}

function isTelemetry(policy: Resource): policy is Telemetry {
  return policy.kind === 'Telemetry';
}

/** More attached Telemetries than this are not tried in every order. */
const triedInEveryOrder = 4;
const mostOrders = 200;

/** Every list of layers that some order of age leads to; none where there are too many to try. */
function orders({ wide, attached }: Scope): readonly (readonly Telemetry[])[] {
  const chosen = wide.reduce<readonly (readonly Telemetry[])[]>(
    (lists, options) => (options.length === 0 ? lists : lists.flatMap((list) => options.map((one) => [...list, one]))),
    [[]],
  );
  const logging = attached.filter(({ spec }) => spec.accessLogging.length > 0);
  if (logging.length > triedInEveryOrder || chosen.length > mostOrders) return [];
  return chosen.flatMap((list) => permutations(logging).map((order) => [...list, ...order]));
}

type Outcome = Pick<AccessLog, 'state' | 'providers' | 'reasons'>;

/** istio@86c9f01 pilot/pkg/model/telemetry.go AccessLogging; pilot/pkg/networking/core/accesslog.go setHTTPAccessLog. */
function outcomeOf(settings: MeshSettings, telemetries: readonly Telemetry[]): Outcome {
  const logging = telemetries.filter(({ spec }) => spec.accessLogging.length > 0);
  const merged = [
    ...mergeLogs(
      logging.map(({ spec }) => spec.accessLogging),
      settings.defaultAccessLogProviders,
    ),
  ];
  const reasons = [
    ...entryReasons(logging, settings),
    ...merged.flatMap(([name]) => providerReasons(settings, logging, name)),
  ];
  const known = merged.filter(([name]) => canLog(settings, name) === true);
  const writing = known
    .filter(([, on]) => on)
    .map(([name]) => name)
    .sort();
  if (writing.length > 0) return { state: 'logged', providers: writing, reasons };
  if (merged.some(([name, on]) => on && canLog(settings, name) === undefined))
    return { state: 'unknown', providers: [], reasons };
  // Only where no provider is left, not even one that is switched off, does the old setting count.
  const offByUnknown = merged.some(([name]) => canLog(settings, name) === undefined) && known.length === 0;
  if (offByUnknown && settings.accessLogFile !== '') return { state: 'unknown', providers: [], reasons };
  const file = known.length === 0 && settings.accessLogFile !== '';
  return { state: file ? 'logged' : 'not-logged', providers: [], reasons };
}

const withoutLog: ReadonlySet<string> = new Set(['prometheus']);

/** Whether the mesh has a provider of that name that writes a log; undefined if no settings show any, and for `stackdriver`, which logs in its own way. */
function canLog({ extensionProviders }: MeshSettings, provider: string): boolean | undefined {
  const name = provider.toLowerCase();
  if (extensionProviders.some((one) => one.toLowerCase() === name)) return true;
  if (name === 'envoy') return true;
  if (withoutLog.has(name)) return false;
  return name === 'stackdriver' || extensionProviders.length === 0 ? undefined : false;
}

function entryReasons(
  logging: readonly Telemetry[],
  { defaultAccessLogProviders }: MeshSettings,
): readonly AccessLogReason[] {
  const named =
    defaultAccessLogProviders.length > 0 ||
    logging.some(({ spec }) => spec.accessLogging.some(({ providers }) => providers.length > 0));
  return logging.flatMap((telemetry) =>
    telemetry.spec.accessLogging.flatMap((entry) => {
      if (!isForServer(entry)) return [reason('client-mode', telemetry, entry.mode?.span ?? entry.span)];
      if (entry.disabled) return [reason('disabled', telemetry, entry.span)];
      return named ? [] : [reason('no-provider', telemetry, entry.span)];
    }),
  );
}

function providerReasons(
  settings: MeshSettings,
  logging: readonly Telemetry[],
  provider: string,
): readonly AccessLogReason[] {
  if (canLog(settings, provider) === true) return [];
  const why = withoutLog.has(provider.toLowerCase()) ? 'provider-without-log' : 'unknown-provider';
  const telemetry = logging.findLast(({ spec }) =>
    spec.accessLogging.some(({ providers }) => providers.some(({ value }) => value === provider)),
  );
  const span = telemetry?.spec.accessLogging
    .flatMap(({ providers }) => providers)
    .find(({ value }) => value === provider)?.span;
  return [reason(why, telemetry, span, provider)];
}

function targetSpan({ spec }: Telemetry, kind: string): Span | undefined {
  return spec.targetRefs.find((ref) => ref.kind?.value === kind)?.span;
}

function reason(why: AccessLogReason['why'], telemetry?: Telemetry, span?: Span, provider?: string): AccessLogReason {
  return { why, telemetry, span, provider };
}
