// `.istio-egress.yaml`, or `.yml`: settings of a folder. An error in it is reported at its position and does not affect the other settings.
import { allKinds, kindsNamed, writtenKinds } from '../model/kind-of.ts';
import type { Kind } from '../model/kinds.ts';
import type { MeshSettings } from '../mesh/settings.ts';
import type { Requirements } from '../model/requirements.ts';
import { newestVersion, oldestVersion, supportedVersions } from '../model/istio-releases.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../yaml/node.ts';
import {
  booleanOf,
  complain,
  isNull,
  listOf,
  oneOf,
  selectorsOf,
  suggestion,
  textOf,
  type ConfigError,
} from './config-values.ts';
import { readPilotEnv } from './mesh-settings.ts';
import { readRequirements } from './requirements-config.ts';
import { parseDocument } from '../yaml/parse.ts';
import { outboundModes, pathNormalizations } from './mesh-config.ts';
import { isKubernetesLabel } from '../names/kubernetes-names.ts';

/** In the order of their rank: where a folder has both, the first one counts. */
export const configFileNames: readonly string[] = ['.istio-egress.yaml', '.istio-egress.yml'];

export interface ConfigFile {
  readonly mesh: Partial<MeshSettings>;
  /** By rule id, as written. */
  readonly severities: Readonly<Record<string, Level>>;
  readonly completeKinds: readonly Kind[] | undefined;
  readonly defaultNamespace: string | undefined;
  readonly requirements: Requirements | undefined;
  /** Patterns of files that are not read. */
  readonly ignore: readonly string[];
  readonly errors: readonly ConfigError[];
}

export const levels = ['error', 'warning', 'information', 'hint', 'off'] as const;
export type Level = (typeof levels)[number];

interface Draft {
  readonly text: string;
  readonly uri: string;
  /** Undefined if no one says which rules there are. */
  readonly rules: readonly string[] | undefined;
  readonly mesh: Record<string, unknown>;
  readonly severities: Record<string, Level>;
  completeKinds?: readonly Kind[] | undefined;
  defaultNamespace?: string | undefined;
  requirements?: Requirements | undefined;
  ignore: readonly string[];
  readonly errors: ConfigError[];
}

/** True for a file's path or URI. */
export function isConfigFile(path: string): boolean {
  return configFileNames.some((name) => path === name || path.endsWith(`/${name}`));
}

/** Never throws; an empty file says nothing. `uri` becomes the origin of mesh settings, `rules` are the ids that may be named. */
export function readConfigFile(text: string, uri: string, rules?: readonly string[]): ConfigFile {
  const tree = parseDocument(text);
  const draft: Draft = {
    text,
    uri,
    rules,
    mesh: {},
    severities: {},
    ignore: [],
    errors: tree.errors.map(({ message, span }) => ({ message, span })),
  };
  if (tree.root?.kind === 'map') readKeys(tree.root, topLevel, 'a known setting', draft);
  else if (tree.root !== undefined && !isNull(tree.root) && tree.errors.length === 0)
    complain(draft, tree.root, `Expected settings as keys and values, such as \`istioVersion: "${newestVersion}"\`.`);
  const { mesh, severities, completeKinds, defaultNamespace, requirements, ignore, errors } = draft;
  return {
    mesh: Object.keys(mesh).length > 0 ? { ...mesh, origin: uri } : {},
    severities,
    completeKinds,
    defaultNamespace,
    requirements,
    ignore,
    errors,
  };
}

/** Each is tried on each path. */
const mostPatterns = 1000;

type Setter = (entry: YamlEntry, draft: Draft) => void;

const topLevel: Readonly<Record<string, Setter>> = {
  istioVersion: setVersion,
  severities: setSeverities,
  completeKinds: setKinds,
  defaultNamespace: ({ value }, draft) => {
    draft.defaultNamespace = namespaceOf(value, draft);
  },
  ignore: ({ value }, draft) => {
    const patterns = listOf(value, draft) ?? [];
    if (patterns.length > mostPatterns)
      complain(draft, value, `Expected at most ${mostPatterns} patterns, and this list has ${patterns.length}.`);
    draft.ignore = patterns.slice(0, mostPatterns);
  },
  require: ({ value }, draft) => {
    draft.requirements = readRequirements(value, draft);
  },
  mesh: inMap('rootNamespace: istio-system', (map, draft) => readKeys(map, meshKeys, 'a known mesh setting', draft)),
};

const meshKeys: Readonly<Record<string, Setter>> = {
  istioVersion: setVersion,
  ...setters(['rootNamespace', 'trustDomain', 'clusterDomain', 'accessLogFile'], textOf),
  ...setters(
    [
      'defaultServiceExportTo',
      'defaultDestinationRuleExportTo',
      'defaultVirtualServiceExportTo',
      'extensionProviders',
      'defaultAccessLogProviders',
    ],
    listOf,
  ),
  ...setters(['autoAllocateAddresses', 'dnsCapture'], booleanOf),
  ...setters(['discoverySelectors'], selectorsOf),
  pilotEnv: inMap('ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS: true', (map, draft) =>
    Object.assign(draft.mesh, readPilotEnv(map)),
  ),
  ...setters(['outboundTrafficPolicy'], (value, draft) => oneOf(value, outboundModes, draft)),
  ...setters(['pathNormalization'], (value, draft) => oneOf(value, pathNormalizations, draft)),
};

function inMap(example: string, read: (map: YamlMap, draft: Draft) => void): Setter {
  return ({ value }, draft) => {
    if (value.kind === 'map') read(value, draft);
    else if (!isNull(value)) complain(draft, value, `Expected keys and values, such as \`${example}\`.`);
  };
}

function setters(
  keys: readonly (keyof MeshSettings)[],
  read: (value: YamlNode, draft: Draft) => unknown,
): Record<string, Setter> {
  return Object.fromEntries(
    keys.map((key): [string, Setter] => [
      key,
      ({ value }, draft) => {
        const plain = isNull(value) ? undefined : read(value, draft);
        if (plain !== undefined) draft.mesh[key] = plain;
      },
    ]),
  );
}

function readKeys(map: YamlMap, known: Readonly<Record<string, Setter>>, what: string, draft: Draft): void {
  for (const entry of map.entries) {
    const key = String(entry.key.value);
    if (Object.hasOwn(known, key)) known[key]!(entry, draft);
    else complain(draft, entry.key, `\`${key}\` is not ${what}.${suggestion(key, Object.keys(known))}`);
  }
}

/** `1.30` is a number to YAML, and a wrong one: the text counts. */
function setVersion({ value }: YamlEntry, draft: Draft): void {
  if (isNull(value)) return;
  const written =
    value.kind === 'scalar' ? draft.text.slice(value.span.start, value.span.end).replace(/^["']|["']$/g, '') : '';
  const minor = /^v?(\d+\.\d+)(\.\d+)?$/.exec(written)?.[1];
  const version = supportedVersions.find((supported) => supported === minor);
  if (version !== undefined) draft.mesh['istioVersion'] = version;
  else complain(draft, value, `Expected a minor version of Istio from ${oldestVersion} to ${newestVersion}.`);
}

function setSeverities({ value }: YamlEntry, draft: Draft): void {
  if (value.kind !== 'map') {
    if (!isNull(value)) complain(draft, value, 'Expected a severity for each rule, such as `egress-not-logged: off`.');
    return;
  }
  for (const { key, value: written } of value.entries) {
    const rule = String(key.value);
    if (draft.rules !== undefined && !draft.rules.includes(rule))
      complain(draft, key, `There is no rule \`${rule}\`.${suggestion(rule, draft.rules)}`);
    const level = oneOf(written, levels, draft);
    if (level !== undefined) draft.severities[rule] = level;
  }
}

function namespaceOf(value: YamlNode, draft: Draft): string | undefined {
  const name = textOf(value, draft);
  if (name === undefined || isKubernetesLabel(name)) return name;
  complain(
    draft,
    value,
    'This is not a valid namespace: use at most 63 lower-case letters, digits and hyphens, and start and end with a letter or a digit.',
  );
  return undefined;
}

function setKinds({ value }: YamlEntry, draft: Draft): void {
  if (isNull(value)) return;
  if (value.kind !== 'seq')
    return complain(draft, value, 'Expected a list of kinds, such as `[ServiceEntry, Gateway]`.');
  const kinds = value.items.flatMap((item) => {
    const name = textOf(item, draft);
    if (name === undefined) return [];
    const kind = allKinds.includes(name as Kind) ? [name as Kind] : kindsNamed(name);
    if (kind.length === 0)
      complain(
        draft,
        item,
        `\`${name}\` is not a kind that is checked.${suggestion(name, [...allKinds, ...writtenKinds])}`,
      );
    return kind;
  });
  draft.completeKinds = [...new Set(kinds)];
}
