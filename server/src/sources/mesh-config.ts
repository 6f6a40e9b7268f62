// Istio's MeshConfig, as far as it decides egress. istio.io/api mesh/v1alpha1/config.proto MeshConfig
import { child, childMap, eachMap, isTrue, text, textList, texts, type Maybe } from '../model/read-field.ts';
import { hasHole } from '../model/placeholders.ts';
import { readLabelSelector, readSelector } from '../model/selectors.ts';
import type { MeshSettings, PathNormalization, ServiceEntryVisibility, Visibility } from '../mesh/settings.ts';
import type { YamlMap } from '../yaml/node.ts';

export function readMeshConfig(config: Maybe): Partial<MeshSettings> {
  if (config?.kind !== 'map') return {};
  const accessLogFile = text(config, 'accessLogFile');
  const outboundTrafficPolicy = readOutboundMode(text(child(config, 'outboundTrafficPolicy'), 'mode'));
  const pathNormalization = readPathNormalization(text(child(config, 'pathNormalization'), 'normalization'));
  const sidecarDnsCapture = readFlag(
    child(child(child(config, 'defaultConfig'), 'proxyMetadata'), 'ISTIO_META_DNS_CAPTURE'),
  );
  const serviceEntryVisibility = readVisibility(childMap(config, 'serviceEntryVisibility'));
  const discoverySelectors = eachMap(config, 'discoverySelectors', readSelector);
  return {
    ...readTexts(config, ['rootNamespace', 'trustDomain']),
    ...readLists(config, ['defaultServiceExportTo', 'defaultDestinationRuleExportTo', 'defaultVirtualServiceExportTo']),
    // Empty is a choice here: no log.
    ...(accessLogFile !== undefined && { accessLogFile }),
    ...(outboundTrafficPolicy && { outboundTrafficPolicy }),
    ...(pathNormalization && { pathNormalization }),
    ...(child(config, 'extensionProviders')?.kind === 'seq' && {
      extensionProviders: providerNames(config),
      ...readProviderServices(config),
    }),
    ...(child(child(config, 'defaultProviders'), 'accessLogging')?.kind === 'seq' && {
      defaultAccessLogProviders: texts(child(config, 'defaultProviders'), 'accessLogging'),
    }),
    ...(sidecarDnsCapture !== undefined && { sidecarDnsCapture }),
    ...(serviceEntryVisibility && { serviceEntryVisibility }),
    ...(discoverySelectors.length > 0 && { discoverySelectors }),
  };
}

/** A value of `proxyMetadata` is text. */
function readFlag(node: Maybe): boolean | undefined {
  if (node?.kind !== 'scalar') return undefined;
  const written = String(node.value);
  return written === 'true' || written === 'false' ? written === 'true' : undefined;
}

function readTexts<K extends 'rootNamespace' | 'trustDomain'>(
  config: YamlMap,
  keys: readonly K[],
): Partial<Pick<MeshSettings, K>> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = settled(text(config, key));
      return value ? [[key, value]] : [];
    }),
  ) as Partial<Pick<MeshSettings, K>>;
}

/** A value that is there and that no other tool has still to fill in. */
export function settled(value: string | undefined): string | undefined {
  return value === '' || (value !== undefined && hasHole(value)) ? undefined : value;
}

type ExportToKey = 'defaultServiceExportTo' | 'defaultDestinationRuleExportTo' | 'defaultVirtualServiceExportTo';

/** An empty list means the default (INFER: decoding leaves it nil). istio@86c9f01 pilot/pkg/model/push_context.go initDefaultExportMaps */
function readLists(config: YamlMap, keys: readonly ExportToKey[]): Partial<Pick<MeshSettings, ExportToKey>> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = textList(config, key);
      return value.length > 0 ? [[key, value.map((field) => field.value)]] : [];
    }),
  );
}

function providerNames(config: YamlMap): readonly string[] {
  return eachMap(config, 'extensionProviders', (provider) => text(provider, 'name')).filter(
    (name) => name !== undefined,
  );
}

/** Every kind of provider that is called has `service` and `port`; none where no provider has one. */
function readProviderServices(config: YamlMap): Pick<MeshSettings, 'providerServices'> {
  const providerServices = eachMap(config, 'extensionProviders', (provider) => {
    const name = text(provider, 'name');
    const called = provider.entries.map(({ value }) => value).find((value) => text(value, 'service') !== undefined);
    const service = settled(text(called, 'service'));
    if (name === undefined || service === undefined) return undefined;
    const port = child(called, 'port');
    const number = port?.kind === 'scalar' ? Number(port.value) : Number.NaN;
    return { name, service, port: Number.isInteger(number) ? number : undefined };
  }).filter((one) => one !== undefined);
  return providerServices.length > 0 ? { providerServices } : {};
}

function readOutboundMode(mode: string | undefined): MeshSettings['outboundTrafficPolicy'] | undefined {
  return outboundModes.find((known) => known === mode);
}

/** DEFAULT is the default of the API, BASE. istio@86c9f01 pilot/pkg/networking/core/listener.go */
function readPathNormalization(written: string | undefined): PathNormalization | undefined {
  return written === 'DEFAULT' ? 'BASE' : pathNormalizations.find((known) => known === written);
}

export const pathNormalizations: readonly PathNormalization[] = [
  'NONE',
  'BASE',
  'MERGE_SLASHES',
  'DECODE_AND_MERGE_SLASHES',
];

export const outboundModes: readonly MeshSettings['outboundTrafficPolicy'][] = [
  'ALLOW_ANY',
  'REGISTRY_ONLY',
  'ALLOW_ANY_DYNAMIC_DNS',
];

/** A policy with a rule that has no selector matches nothing. istio@86c9f01 pilot/pkg/model/serviceentry_visibility.go matches */
function readVisibility(config: YamlMap | undefined): ServiceEntryVisibility | undefined {
  if (config === undefined) return undefined;
  const policies = eachMap(config, 'policies', (policy) => {
    const namespaceSelectors = eachMap(policy, 'matchingRules', (rule) => readLabelSelector(rule, 'namespaceSelector'));
    return { visibility: visibilityOf(text(policy, 'visibility')), namespaceSelectors };
  });
  return {
    defaultVisibility: visibilityOf(text(config, 'defaultVisibility')),
    policies: policies.filter((policy): policy is ServiceEntryVisibility['policies'][number] =>
      policy.namespaceSelectors.every((selector) => selector !== undefined),
    ),
    applyToSidecars: isTrue(config, 'applyToSidecars'),
  };
}

/** Unspecified is public. istio.io/api mesh/v1alpha1/config.proto ServiceEntryVisibility.Visibility */
function visibilityOf(written: string | undefined): Visibility {
  return written === 'NAMESPACE' || written === 'NONE' ? written : 'PUBLIC';
}
