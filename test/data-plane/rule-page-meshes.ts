// The manifests of the rules' pages, before and after each fix, as meshes that bytes can go through.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { fixesFor } from '../../server/src/engine/analyze.ts';
import { casesOf, readPage, type Section } from '../kit/page.ts';
import { fixCase, runCase } from '../kit/run-page.ts';
import { base, type Profile, type Sample } from '../oracle/generate.ts';
import type { Manifest } from '../oracle/manifests.ts';
import { inForce, plainCall } from './questions.ts';

export interface PageMesh {
  /** `RULE: HEADING`. */
  readonly name: string;
  readonly sample: Sample;
  readonly profile: Profile;
}

const folders = ['../../server/src/rules', '../pages/rules'].map((one) => join(import.meta.dirname, one));

/** Of each section that a waypoint is in. */
export function meshesOfRulePages(): readonly PageMesh[] {
  return sectionsOfRulePages().flatMap(({ name, section }) => {
    const mesh = meshOfSection(section);
    return mesh ? [{ name, ...mesh }] : [];
  });
}

export interface NamedSection {
  /** `RULE: HEADING`. */
  readonly name: string;
  readonly section: Section;
}

/** Those that pass, those that fail, and what each of their fixes makes of them; without any that has settings. */
export function sectionsOfRulePages(): readonly NamedSection[] {
  return folders.flatMap(pagesIn).flatMap((path) =>
    casesOf(readPage(readFileSync(path, 'utf8'))).flatMap(({ section }) => {
      if (section.settings !== undefined) return [];
      const name = `${basename(path, '.md')}: ${section.heading}`;
      const run = runCase(section);
      return [
        ...(endsIstiod(run) ? [] : [{ name, section }]),
        ...fixedOf(section, run).map((one) => ({ name: `${name}${fixedMark}${one.title}`, section: one.section })),
      ];
    }),
  );
}

export const fixedMark = ' > Fixed: ';

/** That it does is held in `test/peers`: the generator would end here too. */
function endsIstiod({ analysis }: ReturnType<typeof runCase>): boolean {
  return analysis.findings.some(({ rule }) => rule === 'dynamic-dns-outlier-detection');
}

function fixedOf(
  section: Section,
  run: ReturnType<typeof runCase>,
): readonly { readonly title: string; readonly section: Section }[] {
  const titles = new Set(
    run.analysis.findings.flatMap((finding) => fixesFor(run.analysis, finding)).map(({ title }) => title),
  );
  return [...titles].flatMap((title) => {
    const changed = new Map(fixCase(run, title)?.map(({ name, text }) => [name, text]));
    const known = new Set(section.files.map(({ name }) => name));
    const added = [...changed]
      .filter(([name]) => !known.has(name))
      .map(([name, text]) => ({ name, text, markers: [] }));
    const files = section.files.map((file) => ({ ...file, text: changed.get(file.name) ?? file.text }));
    return changed.size > 0 ? [{ title, section: { ...section, files: [...files, ...added] } }] : [];
  });
}

function pagesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && basename(file) !== 'README.md')
    .map((file) => join(folder, file))
    .toSorted();
}

const systemNamespace = 'istio-system';

/** They add filters that no Envoy has. */
const notFollowed = ['EnvoyFilter', 'WasmPlugin'];

function meshOfSection({ files }: Section): Pick<PageMesh, 'sample' | 'profile'> | undefined {
  const own = files.flatMap(({ text }) => manifestsIn(text));
  const has = (kind: string): boolean => own.some((one) => one['kind'] === kind);
  if (!has('Gateway') || !has('ServiceEntry') || notFollowed.some(has) || own.some(isOfSidecars)) return undefined;
  if (leadsToWorkload(own)) return undefined;
  const clients = clientsIn(own);
  const namespaces = [...new Set([...clients, ...own.map(namespaceOf), systemNamespace])];
  const missing = namespaces.filter((name) => !own.some((one) => one['kind'] === 'Namespace' && nameOf(one) === name));
  const spaces = missing.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  const calls = clients.flatMap((namespace) =>
    accountsIn(own).flatMap((serviceAccount) =>
      ['GET', 'POST'].map((method) => ({ ...plainCall, namespace, serviceAccount, method })),
    ),
  );
  return {
    sample: inForce({ manifests: [...spaces, ...own], calls }),
    profile: { ...base, clients, ...(has('Telemetry') && { asks: 'logs' }) },
  };
}

/** An address that is a workload's own is that to ztunnel, for which the client stands in. ztunnel@62d8265 src/state.rs find_address. */
function leadsToWorkload(own: readonly Manifest[]): boolean {
  const specs = own.map(({ spec }) => (spec ?? {}) as Addressed);
  const workloads = new Set(
    specs.flatMap(({ address, endpoints = [] }) => [address, ...endpoints.map((one) => one.address)]),
  );
  return specs.some(({ addresses = [] }) =>
    addresses.some((one) => typeof one === 'string' && workloads.has(one.replace(/\/(32|128)$/, ''))),
  );
}

interface Addressed {
  readonly address?: string;
  readonly addresses?: readonly unknown[];
  readonly endpoints?: readonly { readonly address?: string }[];
}

export function manifestsIn(text: string): readonly Manifest[] {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  return documents.flatMap((one) => {
    if (one.errors.length > 0) return [];
    const manifest = one.toJS() as Manifest | null;
    return isManifest(manifest) ? [withNamespace(manifest)] : [];
  });
}

function isManifest(value: unknown): value is Manifest {
  const { apiVersion, kind, metadata } = (value ?? {}) as Manifest;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof (metadata as Names)?.name === 'string';
}

interface Names {
  readonly name?: unknown;
  readonly namespace?: string;
}

export function nameOf({ metadata }: Manifest): string {
  return (metadata as Names).name as string;
}

function namespaceOf(one: Manifest): string {
  return one['kind'] === 'Namespace' ? nameOf(one) : ((one['metadata'] as Names).namespace ?? 'default');
}

function withNamespace(one: Manifest): Manifest {
  if (one['kind'] === 'Namespace' || one['kind'] === 'GatewayClass') return one;
  return { ...one, metadata: { ...(one['metadata'] as Names), namespace: namespaceOf(one) } };
}

function isOfSidecars(one: Manifest): boolean {
  const { labels = {} } = one['metadata'] as { readonly labels?: Readonly<Record<string, string>> };
  return one['kind'] === 'Sidecar' || 'istio-injection' in labels || 'istio.io/rev' in labels;
}

/** Those that policies name, and the entries' own. */
function clientsIn(manifests: readonly Manifest[]): readonly string[] {
  const text = JSON.stringify(manifests);
  const named = [...text.matchAll(/cluster\.local\/ns\/([a-z0-9-]+)\/|"namespaces":\["([a-z0-9-]+)"/g)].map(
    ([, principal, namespace]) => (principal ?? namespace)!,
  );
  const entries = manifests.filter(({ kind }) => kind === 'ServiceEntry').map(namespaceOf);
  return [...new Set([...named, 'shop', ...entries])].slice(0, 3);
}

function accountsIn(manifests: readonly Manifest[]): readonly string[] {
  const named = [...JSON.stringify(manifests).matchAll(/\/sa\/([a-z0-9-]+)/g)].map(([, account]) => account!);
  return [...new Set(['curl', ...named])].slice(0, 3);
}
