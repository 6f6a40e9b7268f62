import { isVendorGroup } from './extension-kinds.ts';
import { childMap, child, eachMap, setKeys, text, textMap } from './read-field.ts';
import { readTargetRefs, readWorkloadSelector } from './selectors.ts';
import type { YamlMap } from '../yaml/node.ts';
import type { ExtendedProxy, ProxyExtensionSpec } from './specs.ts';

export function readProxyExtension(root: YamlMap): ProxyExtensionSpec {
  const spec = childMap(root, 'spec');
  return {
    targetRefs: readTargetRefs(spec),
    // EnvoyFilter has a shape of its own.
    selector:
      readWorkloadSelector(spec, 'selector')?.matchLabels ??
      textMap(child(childMap(spec, 'workloadSelector'), 'labels')),
    proxies: new Set(proxiesOf(root, spec)),
  };
}

const everyProxy: readonly ExtendedProxy[] = ['waypoint', 'sidecar', 'gateway'];

/** Whose way out it changes, if it is attached there. */
function proxiesOf(root: YamlMap, spec: YamlMap | undefined): readonly ExtendedProxy[] {
  switch (text(root, 'kind')) {
    case 'EnvoyFilter':
      return eachMap(spec, 'configPatches', proxiesOfPatch).flat();
    case 'WasmPlugin':
    case 'TrafficExtension': {
      const matches = eachMap(spec, 'match', proxiesOfMatch);
      return matches.length > 0 ? matches.flat() : everyProxy;
    }
    case 'ProxyConfig':
      // The number of threads and the variant of the image change no answer.
      return setKeys(child(spec, 'environmentVariables')).length > 0 ? everyProxy : [];
    case 'RequestAuthentication':
      // Sidecars check tokens of what they receive.
      return ['waypoint', 'gateway'];
    default:
      return everyProxy;
  }
}

/**
 * Waypoints take what sidecars take: outbound for clusters, inbound for the rest. istio@86c9f01 pilot/pkg/networking/core/cluster.go
 * buildClusters; listener_builder.go patchListeners.
 */
function proxiesOfPatch(patch: YamlMap): readonly ExtendedProxy[] {
  // What a proxy starts with has no direction.
  if (text(patch, 'applyTo') === 'BOOTSTRAP') return everyProxy;
  switch (text(childMap(patch, 'match'), 'context')) {
    case 'GATEWAY':
      return ['gateway'];
    case 'SIDECAR_OUTBOUND':
      return ['waypoint', 'sidecar'];
    case 'SIDECAR_INBOUND':
    case 'WAYPOINT':
      return ['waypoint'];
    default:
      return everyProxy;
  }
}

/** What reaches a waypoint is inbound there. istio@86c9f01 pilot/pkg/model/extensions.go workloadModeForListenerClass. */
function proxiesOfMatch(match: YamlMap): readonly ExtendedProxy[] {
  switch (text(match, 'mode')) {
    case 'CLIENT':
      return ['sidecar', 'gateway'];
    case 'SERVER':
      return ['waypoint'];
    default:
      return everyProxy;
  }
}

/** Whether the object is another vendor's policy for a Gateway: such kinds are told by their shape. */
export function isVendorPolicy(root: YamlMap, group: string): boolean {
  return (
    isVendorGroup(group) &&
    readTargetRefs(childMap(root, 'spec')).some(
      ({ group: of, kind }) =>
        kind?.value === 'Gateway' && (of === undefined || of.value === 'gateway.networking.k8s.io'),
    )
  );
}
