// Facts of a kustomization about other files. Nothing is built: its lists are enough to know which files to skip.
import type { YamlNode } from '../yaml/node.ts';
import { child, eachMap, isNull, items, text, texts } from './read-field.ts';

export interface Kustomization {
  /** Given to every namespaced object that it brings together, whatever the object names. */
  readonly namespace: string | undefined;
  /** Files and folders whose objects it brings together, as written; remote ones too. */
  readonly resources: readonly string[];
  /** Files that are not objects: patches, replacements, configurations, generators, transformers. */
  readonly helpers: readonly string[];
  /** True if it makes objects, or names, that no file shows: charts, generators, prefixes. */
  readonly makesMore: boolean;
}

export function readKustomization(root: YamlNode | undefined): Kustomization {
  const patches = [
    ...eachMap(root, 'patches', path),
    ...eachMap(root, 'patchesJson6902', path),
    ...eachMap(root, 'replacements', path),
  ];
  const files = ['patchesStrategicMerge', 'configurations', 'generators', 'transformers', 'validators', 'crds'].flatMap(
    (key) => texts(root, key),
  );
  return {
    namespace: text(root, 'namespace') || undefined,
    resources: ['resources', 'bases', 'components'].flatMap((key) => texts(root, key)),
    helpers: [...patches, ...files, text(child(root, 'openapi'), 'path')].filter(
      (file) => file !== undefined && !file.includes('\n'),
    ) as string[],
    makesMore: makingKeys.some((key) => !isNull(child(root, key))) || items(root, 'generators').length > 0,
  };
}

const makingKeys = ['helmCharts', 'helmChartInflationGenerator', 'namePrefix', 'nameSuffix'];

function path(item: YamlNode): string | undefined {
  return text(item, 'path');
}

/**
 * The namespace in which objects may exist that no file shows, undefined for any; `none` where nothing is added. Folders of this
 * workspace add a copy of their objects to each namespace that a kustomization gives them; remote bases add what only they know.
 */
export function addsUnseen({
  namespace,
  resources,
  makesMore,
}: Kustomization): { readonly namespace: string | undefined } | 'none' {
  const remote = resources.some(isRemoteBase);
  const copies = namespace !== undefined && resources.some((resource) => !isRemote(resource) && !isFile(resource));
  return makesMore || remote || copies ? { namespace } : 'none';
}

/** Whether it brings objects that only a download shows. */
export function isRemoteBase(resource: string): boolean {
  return isRemote(resource) && !bringsDefinitions(resource);
}

/** A git or web address, in every form that kustomize takes for one. kustomize@api/v0.21.1 api/internal/git/repospec.go extractHost. */
export function isRemote(resource: string): boolean {
  return /:\/\/|^[\w.+-]+::|^[^/\s]+@[^/\s]+[:/]|^(www\.)?(github|gitlab|bitbucket)\.[a-z]+[/:]|^gh:|[?&](ref|version)=/i.test(
    resource,
  );
}

function isFile(resource: string): boolean {
  return /\.(ya?ml|json)$/i.test(resource);
}

/** Definitions of kinds bring no objects of ours; so do the Gateway API's releases. */
function bringsDefinitions(resource: string): boolean {
  return /\bcrds?\b|gateway-api\/releases/i.test(resource);
}
