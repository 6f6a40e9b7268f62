// Which pod wrote a line: the prefixes of kubectl, stern and logcli, and the metadata that log collectors add.
import { isRecord } from '../../base/is-record.ts';
import { noSource, type LogSource } from './entry.ts';

const kubectl = /\[?pod\/([^/\]\s]+)\/[^\]\s]+\]?/;
const stern = /(?:^|\s)(?:([a-z0-9][a-z0-9-]*)\s+)?([a-z0-9][a-z0-9.-]*)\s+(?:istio-proxy|ztunnel)(?: ?[\u203a|])?$/;
const label = (name: string) => new RegExp(`\\b(?:${name})="?([a-z0-9][a-z0-9.-]*)`);

/** The text before a line. */
export function sourceOfPrefix(prefix: string): LogSource {
  const byKubectl = kubectl.exec(prefix)?.[1];
  if (byKubectl !== undefined) return { pod: byKubectl, namespace: undefined };
  const byStern = stern.exec(prefix.trim());
  if (byStern) return { pod: byStern[2], namespace: byStern[1] };
  return {
    pod: label('pod|pod_name|instance').exec(prefix)?.[1],
    namespace: label('namespace|namespace_name').exec(prefix)?.[1],
  };
}

/** The object that a collector puts around a line: Fluent Bit's `kubernetes`, Loki's `stream`, Cloud Logging's `resource.labels`. */
export function sourceOfWrapper(wrapper: Readonly<Record<string, unknown>>): LogSource {
  const places = [wrapper, wrapper['kubernetes'], wrapper['stream'], wrapper['labels'], labelsOf(wrapper['resource'])];
  return places.reduce<LogSource>((found, place) => {
    if (!isRecord(place)) return found;
    return {
      pod: found.pod ?? textIn(place, ['pod_name', 'pod']),
      namespace: found.namespace ?? textIn(place, ['namespace_name', 'namespace']),
    };
  }, noSource);
}

function labelsOf(resource: unknown): unknown {
  return isRecord(resource) ? resource['labels'] : undefined;
}

function textIn(place: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined {
  return keys.map((key) => place[key]).find((value) => typeof value === 'string');
}

/** The inner one counts; the outer fills what it lacks. */
export function mergeSources(inner: LogSource, outer: LogSource): LogSource {
  return { pod: inner.pod ?? outer.pod, namespace: inner.namespace ?? outer.namespace };
}
