// Mesh settings in a folder: the ConfigMap `istio`, the Deployment `istiod`, an IstioOperator, Helm values of Istio's charts, also in a HelmRelease. Only explicit values
// are read; a value of the wrong type is skipped. istio@86c9f01 manifests/charts/istio-control/istio-discovery/templates/configmap.yaml
import { kindOf } from '../model/kind-of.ts';
import { child, childMap, eachMap, text, type Maybe } from '../model/read-field.ts';
import type { MeshSettings, OutboundCapture } from '../mesh/settings.ts';
import { splitDocuments } from '../yaml/chunks.ts';
import type { YamlMap, YamlNode } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';
import { heldHelmValues } from './helm-values.ts';
import { readMeshConfig, settled } from './mesh-config.ts';

export interface MeshSettingsFound {
  readonly from: 'istiod' | 'config-map' | 'istio-operator' | 'helm-values';
  readonly settings: Partial<MeshSettings>;
}

/** What a file says of the mesh; nothing for almost every file, which costs a look at its text. `uri` becomes the settings' origin. */
export function findMeshSettings(text: string, uri: string): readonly MeshSettingsFound[] {
  if (!mayHold.test(text)) return [];
  return splitDocuments(text).flatMap((chunk) => {
    const found = mayHold.test(chunk.text) ? readRoot(parseDocument(chunk.text).root) : undefined;
    return found === undefined || Object.keys(found.settings).length === 0
      ? []
      : [{ ...found, settings: { ...found.settings, origin: uri } }];
  });
}

/** Runs on every file of a workspace, so the pattern must not backtrack. */
const mayHold =
  /mesh(?:Config|"?:)|dnsCapture|cludeOutboundPorts|cludeIPRanges|PILOT_ENABLE_IP_AUTOALLOCATE|ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS/;

/** A file that is named as the mesh's configuration: any of the above, or MeshConfig itself. */
export function readMeshSettings(text: string, uri: string): Partial<MeshSettings> {
  const found = findMeshSettings(text, uri);
  if (found.length > 0) return mergeMeshSettings(found);
  const settings = readMeshConfig(parseDocument(splitDocuments(text)[0]?.text ?? '').root);
  return Object.keys(settings).length > 0 ? { ...settings, origin: uri } : {};
}

/** False for a file that no reader of mesh settings would take anything from: another kind of file, or not YAML. */
export function mayHoldMeshSettings(file: string): boolean {
  if (Object.keys(readMeshSettings(file, '')).length > 0) return true;
  return splitDocuments(file).some((chunk) => {
    const { root } = parseDocument(chunk.text);
    if (root?.kind !== 'map') return false;
    return (
      text(root, 'kind') === 'IstioOperator' ||
      readRoot(root)?.from === 'config-map' ||
      childMap(root, 'meshConfig') !== undefined
    );
  });
}

/** While the mesh's configuration is typed: a value may only seem to be gone. */
export function isHalfTypedMesh(text: string): boolean {
  return splitDocuments(text).some((chunk) => {
    if (!mayHold.test(chunk.text)) return false;
    const { root, errors } = parseDocument(chunk.text);
    return errors.length > 0 || (root?.kind === 'map' && isHalfTypedConfigMap(root));
  });
}

function isHalfTypedConfigMap(root: YamlMap): boolean {
  if (text(root, 'kind') !== 'ConfigMap') return false;
  const data = childMap(root, 'data');
  if (data?.entries.some(({ value }) => value.kind !== 'scalar' || value.value === null)) return true;
  const mesh = parseDocument(text(data, 'mesh') ?? '');
  return mesh.errors.length > 0 || (mesh.root !== undefined && mesh.root.kind !== 'map');
}

const order: readonly MeshSettingsFound['from'][] = ['istiod', 'config-map', 'istio-operator', 'helm-values'];

/** One answer out of several: what istiod itself reads wins over what generates it; among equals the first. */
export function mergeMeshSettings(found: readonly MeshSettingsFound[]): Partial<MeshSettings> {
  const byRank = [...found].sort((a, b) => order.indexOf(a.from) - order.indexOf(b.from));
  return byRank.reduceRight<Partial<MeshSettings>>((merged, { settings }) => ({ ...merged, ...settings }), {});
}

function readRoot(root: YamlNode | undefined): MeshSettingsFound | undefined {
  if (root?.kind !== 'map') return undefined;
  const apiVersion = text(root, 'apiVersion');
  const kind = text(root, 'kind');
  if (apiVersion === undefined || kind === undefined) return { from: 'helm-values', settings: readValues(root) };
  if (kindOf(apiVersion, kind) === 'ConfigMap') return readConfigMap(root);
  if (apiVersion === 'apps/v1' && kind === 'Deployment') return readDeployment(root);
  if (kind !== 'IstioOperator') return readHeldValues(root);
  const spec = childMap(root, 'spec');
  const values = childMap(spec, 'values');
  return {
    from: 'istio-operator',
    settings: {
      ...(values && readValues(values)),
      ...readEnvironment(variablesOf(child(child(child(spec, 'components'), 'pilot'), 'k8s'))),
      ...readMeshConfig(child(spec, 'meshConfig')),
    },
  };
}

/** The values of a release that a controller of the cluster installs. */
function readHeldValues(root: YamlMap): MeshSettingsFound | undefined {
  const held = heldHelmValues(root);
  return held.length === 0 ? undefined : { from: 'helm-values', settings: firstOf(held.map(readValues)) };
}

/** What a former says overrides what a later says. */
function firstOf(all: readonly Partial<MeshSettings>[]): Partial<MeshSettings> {
  return all.reduceRight<Partial<MeshSettings>>((merged, settings) => ({ ...merged, ...settings }), {});
}

/** `istio`, or `istio-REVISION`; other charts keep other things under `mesh`. */
function readConfigMap(root: YamlMap): MeshSettingsFound | undefined {
  if (!/^istio(-[\w.-]+)?$/.test(text(child(root, 'metadata'), 'name') ?? '')) return undefined;
  const mesh = text(child(root, 'data'), 'mesh');
  return mesh === undefined ? undefined : { from: 'config-map', settings: readMeshConfig(parseDocument(mesh).root) };
}

/** `istiod`, or `istiod-REVISION`. What it lacks can come from elsewhere, so that only what is there says something. */
function readDeployment(root: YamlMap): MeshSettingsFound | undefined {
  if (!/^istiod(-[\w.-]+)?$/.test(text(child(root, 'metadata'), 'name') ?? '')) return undefined;
  const pod = child(child(child(root, 'spec'), 'template'), 'spec');
  const variables = eachMap(pod, 'containers', (container) => [...variablesOf(container)]).flat();
  return { from: 'istiod', settings: readEnvironment(new Map(variables)) };
}

/** The list `env` of a container. */
function variablesOf(container: YamlNode | undefined): ReadonlyMap<string, YamlNode | undefined> {
  return new Map(eachMap(container, 'env', (item) => [text(item, 'name') ?? '', child(item, 'value')] as const));
}

/** Values of the charts istiod and cni, alone or under an umbrella chart that names them. */
function readValues(values: YamlMap): Partial<MeshSettings> {
  const nested = ['istiod', 'istio-discovery', 'pilot', 'base', 'cni', 'istio-cni']
    .map((key) => childMap(values, key))
    .filter((map) => map !== undefined);
  return firstOf([values, ...nested].map(readChartValues));
}

function readChartValues(values: YamlMap): Partial<MeshSettings> {
  const clusterDomain = settled(text(child(child(values, 'global'), 'proxy'), 'clusterDomain'));
  const rootNamespace = settled(text(child(values, 'global'), 'istioNamespace'));
  const dnsCapture = boolean(child(child(values, 'ambient'), 'dnsCapture'));
  const outboundCapture = readOutboundCapture(child(child(values, 'global'), 'proxy'));
  return {
    ...(clusterDomain && { clusterDomain }),
    // The chart's default for `meshConfig.rootNamespace`.
    ...(rootNamespace && { rootNamespace }),
    ...(dnsCapture !== undefined && { dnsCapture }),
    ...(outboundCapture && { outboundCapture }),
    ...readPilotEnv(childMap(values, 'env')),
    ...readMeshConfig(child(values, 'meshConfig')),
  };
}

/** istio@86c9f01 manifests/charts/istio-control/istio-discovery/files/injection-template.yaml. Empty lists are the chart's defaults, but for ranges that are included. */
function readOutboundCapture(proxy: Maybe): OutboundCapture | undefined {
  const written = {
    includeRanges: listText(proxy, 'includeIPRanges'),
    excludeRanges: listText(proxy, 'excludeIPRanges') || undefined,
    includePorts: listText(proxy, 'includeOutboundPorts') || undefined,
    excludePorts: listText(proxy, 'excludeOutboundPorts') || undefined,
  };
  const known = Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
  return Object.keys(known).length > 0 ? known : undefined;
}

/** A single port may be written as a number. */
function listText(proxy: Maybe, key: string): string | undefined {
  const value = child(proxy, key);
  return value?.kind === 'scalar' && value.value !== null ? settled(String(value.value)) : undefined;
}

/** Environment variables of istiod as keys and values. */
export function readPilotEnv(env: YamlMap | undefined): Partial<MeshSettings> {
  return readEnvironment(new Map(env?.entries.map(({ key, value }) => [String(key.value), value] as const) ?? []));
}

function readEnvironment(variables: ReadonlyMap<string, YamlNode | undefined>): Partial<MeshSettings> {
  const autoAllocateAddresses = boolean(variables.get('PILOT_ENABLE_IP_AUTOALLOCATE'));
  const wildcardTls = boolean(variables.get('ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS'));
  return {
    ...(autoAllocateAddresses !== undefined && { autoAllocateAddresses }),
    ...(wildcardTls !== undefined && { wildcardTls }),
  };
}

/** Environment variables are text in one chart and booleans in another. */
function boolean(node: YamlNode | undefined): boolean | undefined {
  if (node?.kind !== 'scalar') return undefined;
  if (node.value === true || node.value === 'true') return true;
  return node.value === false || node.value === 'false' ? false : undefined;
}
