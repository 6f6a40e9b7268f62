// Helm values that another object holds: a HelmRelease of Flux, an Application of Argo CD, a HelmChart of K3s and RKE2.
import { groupOf } from '../model/kind-of.ts';
import { child, childMap, eachMap, items, text, type Maybe } from '../model/read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';

/** What overrides comes first; empty for other objects. Values that the object takes from elsewhere are not read. */
export function heldHelmValues(root: YamlMap): readonly YamlMap[] {
  const read = readers[`${groupOf(text(root, 'apiVersion') ?? '')} ${text(root, 'kind')}`];
  return read === undefined ? [] : read(child(root, 'spec')).filter((values) => values !== undefined);
}

type Read = (spec: Maybe) => readonly (YamlMap | undefined)[];

const readers: Readonly<Record<string, Read>> = {
  'helm.toolkit.fluxcd.io HelmRelease': (spec) => [childMap(spec, 'values')],
  'helm.cattle.io HelmChart': (spec) => [mapIn(text(spec, 'valuesContent'))],
  'helm.cattle.io HelmChartConfig': (spec) => [mapIn(text(spec, 'valuesContent'))],
  'argoproj.io Application': ofApplication,
  'argoproj.io ApplicationSet': (spec) => ofApplication(child(child(spec, 'template'), 'spec')),
};

/** https://argo-cd.readthedocs.io/en/stable/user-guide/helm: parameters override `valuesObject`, which overrides `values`. */
function ofApplication(spec: Maybe): readonly (YamlMap | undefined)[] {
  return [child(spec, 'source'), ...items(spec, 'sources')].flatMap((source) => {
    const helm = child(source, 'helm');
    return [parametersOf(helm), childMap(helm, 'valuesObject'), mapIn(text(helm, 'values'))];
  });
}

function mapIn(values: string | undefined): YamlMap | undefined {
  const root = values === undefined ? undefined : parseDocument(values).root;
  return root?.kind === 'map' ? root : undefined;
}

/** Names such as `meshConfig.outboundTrafficPolicy.mode`; those with an index are left out. */
function parametersOf(helm: Maybe): YamlMap | undefined {
  const all: Tree = new Map();
  for (const { name, value } of eachMap(helm, 'parameters', (one) => ({
    name: text(one, 'name'),
    value: text(one, 'value'),
  })))
    if (name !== undefined && value !== undefined && !name.includes('[')) put(all, name.split('.'), value);
  return all.size === 0 ? undefined : mapIn(JSON.stringify(plain(all)));
}

type Tree = Map<string, Tree | string>;

function put(tree: Tree, [key = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) return void tree.set(key, value);
  const known = tree.get(key);
  const below: Tree = known instanceof Map ? known : new Map();
  tree.set(key, below);
  put(below, rest, value);
}

function plain(tree: Tree): object {
  return Object.fromEntries([...tree].map(([key, value]) => [key, value instanceof Map ? plain(value) : value]));
}
