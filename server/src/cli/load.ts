// Loads the paths of the command line into one workspace, as one mesh.
import { lastAnswer } from '../base/last-answer.ts';
import { allKinds } from '../model/kind-of.ts';
import type { Kind } from '../model/kinds.ts';
import { nearest } from '../base/nearest.ts';
import { parseConfiguration } from '../engine/folder-reader.ts';
import { layCluster, withClusterSettings } from '../engine/cluster-layer.ts';
import { resolveSettings, type Skipped } from '../engine/reader.ts';
import { defaultSettings } from '../engine/settings.ts';
import type { MeshSettings } from '../mesh/settings.ts';
import { ruleIds } from '../engine/rule-ids.ts';
import { asItIs, type ToSource } from '../engine/to-source.ts';
import type { Workspace } from '../engine/workspace.ts';
import type { Rules } from '../engine/workspace-options.ts';
import type { Snapshot } from '../cluster/snapshot/snapshot.ts';
import { clusterText, clusterUri, isClusterUri } from '../sources/cluster-files.ts';
import { requirementRules } from '../rules/requirements.ts';
import { filesOf, stdinUri, workspaceOf } from './files-of.ts';
import { mayHoldMeshSettings, readMeshSettings } from '../sources/mesh-settings.ts';
import { UsageError, type Arguments } from './args.ts';
import type { CliHost } from './host.ts';
import { needContent } from './named-inputs.ts';
import { UserError } from './user-error.ts';

export interface Loaded {
  readonly workspace: Workspace;
  readonly textOf: (uri: string) => string | undefined;
  readonly toSource: ToSource;
  readonly setText: (uri: string, text: string) => void;
  readonly skipped: readonly Skipped[];
  /** Rules that threw: what they would have found is missing. */
  readonly failedRules: ReadonlySet<string>;
}

/** Throws UsageError for a path that is not there and for configuration that cannot be read. The cluster's resources are used where no file has the resource. */
export function load(args: Arguments, host: CliHost, rules: Rules, cluster?: Snapshot): Loaded {
  const roots = rootsOf(args, host);
  const read = settingsOf(args, roots, host, rules);
  // A list of single files, as from pre-commit, lacks other files of the folder.
  const settings =
    (args.command === 'check' || args.command === 'fix') && roots.every((root) => isFile(root, host))
      ? { ...read, isPartial: true }
      : read;
  const texts = new Map<string, string>();
  if (roots.includes(stdinUri)) texts.set(stdinUri, host.readStdin());
  const uris = new Set<string>();
  const skipped: Skipped[] = [];
  const { workspace, failedRules } = workspaceOf(
    filesOf(roots, { args, host, stdin: texts.get(stdinUri), uris, skipped }),
    host,
    { rules, settings: cluster === undefined ? settings : withClusterSettings(settings, cluster) },
  );
  const inCluster = new Map(cluster?.objects.map((object) => [clusterUri(cluster.context, object), object.object]));
  if (cluster !== undefined) layCluster(workspace, cluster.objects, cluster.context);
  workspace.settle();
  host.noteProgress('working out the answer');
  for (const [i, root] of roots.entries()) {
    const text = root === stdinUri ? texts.get(root) : fileText(root, host);
    if (text !== undefined)
      needContent({ uri: root, path: root === stdinUri ? undefined : args.paths[i], text }, workspace, args);
  }
  const { rendered } = host;
  // Texts of a large folder are read again when needed, and not all stored; thousands of findings of one file ask one after the other.
  const fileTextOf = lastAnswer((uri) => host.readText(host.toPath(uri)));
  const textOf = (uri: string) =>
    texts.get(uri) ??
    rendered?.textOf(uri) ??
    (isClusterUri(uri) ? textInCluster(inCluster.get(uri)) : fileTextOf(uri));
  return {
    workspace,
    textOf,
    toSource: rendered ? (uri, span) => rendered.toSource(uri, span, textOf) : asItIs,
    setText: (uri, text) => void texts.set(uri, text),
    failedRules,
    skipped: [...skipped, ...leftAlone(uris, workspace, rendered !== undefined)],
  };
}

/** The same with findings: what rules make of the files is the most of the work, and most answers do without it. */
export function loadChecked(args: Arguments, host: CliHost, rules: Rules, cluster?: Snapshot): Loaded {
  const loaded = load(args, host, rules, cluster);
  for (const _ of loaded.workspace.refreshing()) host.noteProgress('checking');
  loaded.workspace.takeChanged();
  host.noteProgress('working out the answer');
  return loaded;
}

/** Undefined for a folder. */
function fileText(root: string, host: CliHost): string | undefined {
  const path = host.toPath(root);
  return host.isFolder(path) ? undefined : host.readText(path);
}

function isFile(root: string, host: CliHost): boolean {
  return root === stdinUri || !host.isFolder(host.toPath(root));
}

function textInCluster(object: object | undefined): string | undefined {
  return object && clusterText(object);
}

/** URIs of what is to be read. Throws UsageError for a path that is not there. */
export function rootsOf({ paths }: Pick<Arguments, 'paths'>, host: CliHost): readonly string[] {
  return (paths.length > 0 ? paths : ['.']).map((path) => rootOf(path, host));
}

function rootOf(path: string, host: CliHost): string {
  if (path === '-') return stdinUri;
  const full = host.resolve(path);
  if (!host.isPresent(full)) throw new UsageError(`${path}: file or folder not found`);
  return host.toUri(full);
}

export function settingsOf(args: Arguments, roots: readonly string[], host: CliHost, rules: Rules) {
  const ids = ruleIds(rules);
  for (const id of [...(args.rule === undefined ? [] : [args.rule]), ...Object.keys(args.severities)])
    if (args.rule === id) needRule(id, [...ids, ...requirementRules.map((rule) => rule.id)], '--rule');
    else needRule(id, ids, '--severity');
  const first = roots.find((root) => root !== stdinUri) ?? host.toUri(host.cwd);
  const folder =
    args.config === undefined
      ? host.reader.configuration(first, ids)
      : parseConfiguration(needText(args.config, host), host.toUri(host.resolve(args.config)), args.config, ids);
  const mesh = args.meshConfig === undefined ? {} : needMeshSettings(args.meshConfig, host);
  for (const problem of folder.problems ?? []) throw new UserError(problem.why);
  return resolveSettings(
    {
      mesh,
      istioVersion: args.istioVersion,
      ...(Object.keys(args.severities).length === 0 ? {} : { severities: args.severities }),
      ...(args.complete === undefined ? {} : { completeKinds: args.complete.map(kindOf) }),
    },
    folder,
    defaultSettings,
  );
}

function needRule(id: string, ids: readonly string[], option: string): void {
  if (ids.includes(id)) return;
  const near = nearest(id, ids);
  throw new UsageError(
    `${option} ${id}: there is no rule ${id}${near === undefined ? '; "istio-egress explain" lists all' : ` (did you mean ${near}?)`}`,
  );
}

/** A file without mesh settings would silently mean Istio's defaults, which the user who named it does not expect. */
function needMeshSettings(path: string, host: CliHost): Partial<MeshSettings> {
  const text = needText(path, host);
  if (!mayHoldMeshSettings(text))
    throw new UsageError(
      `--mesh-config ${path}: no mesh settings found. Give a file with MeshConfig, the ConfigMap "istio", an IstioOperator, or Helm values with meshConfig`,
    );
  return readMeshSettings(text, host.toUri(host.resolve(path)));
}

/** The text of a file that was named. Throws UserError with the reason where it cannot be read. */
export function needText(path: string, host: CliHost): string {
  const read = host.read(host.resolve(path));
  if (!read.ok) throw new UserError(`${path}: cannot be read (${read.reason})`);
  return read.text;
}

function kindOf(name: string): Kind {
  const kind = allKinds.find((one) => one.toLowerCase() === name.toLowerCase());
  if (kind !== undefined) return kind;
  const near = nearest(name, allKinds);
  throw new UsageError(
    `--complete ${name}: not a kind that is checked${near === undefined ? '' : ` (did you mean ${near}?)`}`,
  );
}

const reasons: Readonly<Record<string, string>> = {
  'helm-template': 'Helm template: use --render, or check the output of `helm template`',
  'kustomize-patch': 'Kustomize patch: use --render, or check the output of `kustomize build`',
  placeholder: 'has placeholders that another tool replaces',
};

/** Documents that would have been read but for another tool's notation; other users' YAML goes without saying. */
function leftAlone(uris: Iterable<string>, workspace: Workspace, isRendered: boolean): Skipped[] {
  return [...uris].flatMap((uri) => {
    const states = new Set(workspace.documents(uri).map(({ record }) => record.recognition.state));
    const why = Object.keys(reasons).find((state) => states.has(state as never));
    // A kustomization that only lists files needs no tool: its files are read themselves.
    if (isRendered && why === 'kustomize-patch') return [];
    return why === undefined ? [] : [{ uri, why: reasons[why]! }];
  });
}
