// Writes the manifests of a new egress route into a draft of the workspace, file by file in the folder's habit.
import type { Draft } from '../../engine/draft.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { useWaypoint, useWaypointNamespace } from '../../model/label-names.ts';
import { accessLogFor } from '../../mesh/telemetry/telemetry-in-scope.ts';
import { nameOf } from '../../sources/paths.ts';
import { unreadableCredentials } from '../../rules/tls/applied/unreadable-credentials.ts';
import { kindOf } from '../../model/kind-of.ts';
import { printDocument } from '../../yaml/print.ts';
import { fileFor, folderHabit, kustomizationBeside, type FolderHabit } from './folder-habit.ts';
import { withResource } from './list-in-kustomization.ts';
import {
  entryManifest,
  logManifest,
  plainOf,
  policyManifest,
  ruleManifest,
  secretAccessManifests,
  waypointManifest,
  type RouteManifest,
} from './route-manifests.ts';
import type { Route } from './route-answers.ts';

export interface RouteWriter {
  readonly draft: Draft;
  readonly workspace: Workspace;
  /** Where new files stand if no manifest shows it: a folder. */
  readonly home: string;
}

/** What the user has to do beside it, in sentences. */
export function writeRoute(writer: RouteWriter, route: Route): readonly string[] {
  const { draft } = writer;
  const { namespace } = route.gateway;
  const files = new RouteFiles(writer, folderHabit({ ...writer, textOf: draft.textOf }, namespace));
  if (draft.writtenMesh.named('Gateway', namespace, route.gateway.name).length === 0)
    files.add(waypointManifest(route.gateway), route.gateway.name);
  const isLabelled = !bindsNamespace(draft, route);
  // Where other hosts are restricted, one that is open to all says so.
  const restricts = draft.writtenMesh.inNamespace('AuthorizationPolicy', namespace).length > 0;
  const entries = route.hosts.map((host) => {
    const stem = stemOf(host);
    const named = (kind: RouteManifest['kind']) => ({ namespace, name: freeName(draft, kind, namespace, stem) });
    const entry = entryManifest(route, host, named('ServiceEntry'), isLabelled);
    files.add(entry, stem);
    for (const one of [
      ruleManifest(route, host, named('DestinationRule')),
      policyManifest(route, entry.name, named('AuthorizationPolicy'), restricts),
    ])
      if (one) files.add(one, stem);
    return entry;
  });
  addSecretAccess(files, draft, route);
  addLog(files, draft, route, entries);
  return files.listNewFiles();
}

/** A name of an object that says which host it is about. */
function stemOf(host: string): string {
  return host.replaceAll('.', '-').slice(0, 63).replace(/-+$/, '');
}

function freeName(draft: Draft, kind: string, namespace: string, name: string): string {
  const known = (
    ['ServiceEntry', 'DestinationRule', 'AuthorizationPolicy', 'Telemetry', 'Role', 'RoleBinding'] as const
  ).find((one) => one === kind);
  let candidate = name;
  for (let n = 2; known && draft.writtenMesh.named(known, namespace, candidate).length > 0; n++)
    candidate = `${name}-${n}`;
  return candidate;
}

function bindsNamespace(draft: Draft, { gateway }: Route): boolean {
  const [home] = draft.writtenMesh.named('Namespace', '', gateway.namespace);
  const of = home?.labels.get(useWaypointNamespace)?.value ?? gateway.namespace;
  return home?.labels.get(useWaypoint)?.value === gateway.name && of === gateway.namespace;
}

function addSecretAccess(files: RouteFiles, draft: Draft, { tls, gateway, hosts }: Route): void {
  if (tls !== 'mutual') return;
  const needing = draft.writtenMesh
    .inNamespace('DestinationRule', gateway.namespace)
    .filter(({ spec }) => spec.host !== undefined && hosts.includes(spec.host.value))
    .flatMap((rule) => [...unreadableCredentials(draft.writtenMesh, rule)]);
  const account = needing[0]?.account;
  if (account === undefined) return;
  const named = {
    namespace: gateway.namespace,
    name: freeName(draft, 'Role', gateway.namespace, `${account}-secrets`),
  };
  for (const one of secretAccessManifests({ namespace: gateway.namespace, name: account }, named))
    files.add(one, gateway.name);
}

/** Not where the mesh's settings or a Telemetry log it already. */
function addLog(files: RouteFiles, draft: Draft, route: Route, entries: readonly RouteManifest[]): void {
  const { namespace, name } = route.gateway;
  const [gateway] = draft.writtenMesh.named('Gateway', namespace, name);
  if (!route.isLogged || !gateway) return;
  const isSilent = entries
    .flatMap((entry) => draft.writtenMesh.named('ServiceEntry', namespace, entry.name))
    .some((entry) => accessLogFor(draft.writtenMesh, entry, gateway).providers.length === 0);
  const isOn = draft.writtenMesh.settings.accessLogFile !== '';
  if (isSilent && !isOn)
    files.add(
      logManifest(route.gateway, { namespace, name: freeName(draft, 'Telemetry', namespace, `${name}-access-log`) }),
      name,
    );
}

class RouteFiles {
  readonly #writer: RouteWriter;
  readonly #habit: FolderHabit;
  /** Those that did not exist before, by the address that the habit gives them. */
  readonly #fresh = new Map<string, string>();

  constructor(writer: RouteWriter, habit: FolderHabit) {
    this.#writer = writer;
    this.#habit = habit;
  }

  /** `about`: what the file of one host, or of the gateway, is named after. */
  add(manifest: RouteManifest, about: string): void {
    const { draft, workspace } = this.#writer;
    const { layout, labels, style, withNamespace } = this.#habit;
    const usual = fileFor(this.#habit, manifest, about);
    const isShared =
      layout.kind === 'one-file' || (layout.kind === 'by-kind' && layout.uris.get(manifest.kind) === usual);
    const uri = isShared ? usual : this.#freshFile(usual);
    const facts = workspace.facts(uri);
    const given = facts.namespace ?? facts.defaultNamespace ?? workspace.settings.defaultNamespace;
    const plain = plainOf(
      {
        ...manifest,
        labels: { ...(kindOf(manifest.apiVersion, manifest.kind) === 'Gateway' ? {} : labels), ...manifest.labels },
      },
      withNamespace || given !== manifest.namespace,
    );
    const before = draft.textOf(uri) ?? '';
    const ended = before === '' || before.endsWith('\n') ? before : before + style.newline;
    const marker = before.trim() === '' ? '' : `---${style.newline}`;
    draft.setText(uri, ended + marker + printDocument(plain, { ...style, json: false }));
  }

  /** Kustomize reads only what a kustomization lists. Gives sentences about lists that the user has to edit. */
  listNewFiles(): readonly string[] {
    const { draft } = this.#writer;
    return [...this.#fresh.values()].flatMap((uri) => {
      const list = kustomizationBeside(uri, draft.textOf);
      const name = decodeURIComponent(nameOf(uri));
      const text = list === undefined ? undefined : draft.textOf(list);
      if (list === undefined || text === undefined) return [];
      const listed = withResource(text, name);
      if (listed === undefined) return [`Add ${name} to the resources of ${nameOf(list)}.`];
      draft.setText(list, listed);
      return [];
    });
  }

  #freshFile(usual: string): string {
    const known = this.#fresh.get(usual);
    if (known !== undefined) return known;
    let uri = usual;
    for (let n = 2; this.#writer.draft.exists(uri); n++) uri = usual.replace(/(\.ya?ml)$/, `-${n}$1`);
    this.#fresh.set(usual, uri);
    return uri;
  }
}
