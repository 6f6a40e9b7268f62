// Which providers write access logs, merged from the Telemetry resources of a host as Istio does.
import type { TelemetrySpec } from '../../model/specs.ts';

export type AccessLogging = TelemetrySpec['accessLogging'][number];

/** Which side of a connection an entry is for; a waypoint's listeners count as SERVER. istio@86c9f01 pilot/pkg/model/telemetry.go workloadMode, matchWorkloadMode. */
export function isForServer({ mode }: AccessLogging): boolean {
  return mode === undefined || mode.value === 'SERVER' || mode.value === 'CLIENT_AND_SERVER';
}

/**
 * Providers by name, each with whether it is switched on. `layers` come from the widest to the nearest; a layer that
 * names providers replaces those above. istio@86c9f01 pilot/pkg/model/telemetry.go mergeLogs.
 */
export function mergeLogs(
  layers: readonly (readonly AccessLogging[])[],
  defaultProviders: readonly string[],
): ReadonlyMap<string, boolean> {
  if (layers.length === 0) return new Map(defaultProviders.map((name) => [name, true]));
  const inScope = new Set(providersInScope(layers, defaultProviders));
  const providers = new Map<string, boolean>();
  let parents = defaultProviders;
  for (const entry of layers.flat()) {
    if (entry.providers.length > 0) parents = namesIn(entry);
    if (!isForServer(entry)) continue;
    for (const name of parents) if (inScope.has(name)) providers.set(name, !entry.disabled);
  }
  return providers;
}

function providersInScope(
  layers: readonly (readonly AccessLogging[])[],
  defaultProviders: readonly string[],
): readonly string[] {
  const named = layers.map((layer) => layer.filter(isForServer).flatMap(namesIn));
  return named.findLast((names) => names.length > 0) ?? defaultProviders;
}

function namesIn({ providers }: AccessLogging): readonly string[] {
  return providers.map(({ value }) => value);
}
