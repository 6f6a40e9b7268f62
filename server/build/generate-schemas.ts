// `schemas/**`: the structure of Istio's and the Gateway API's kinds, out of the CustomResourceDefinitions in their Go modules.
import type { Generated, GeneratedFile, Outcome } from './generated.ts';
import { minorOf, readCrds, type CrdVersion } from './schemas/crds.ts';
import { merge, unmarked, type Release } from './schemas/merge.ts';
import { fetchModules, pins, type MinorPins, type Modules } from './schemas/modules.ts';
import { print, share, type Json } from './schemas/share.ts';
import { structureOf, type Structure } from './schemas/structure.ts';

/** Kinds that are known by name only: experiments, and what was given up. */
const unchecked = new Set(['BackendLBPolicy', 'XBackend', 'XBackendTrafficPolicy', 'XListenerSet', 'XMesh']);

export const schemas: Generated = { name: 'schemas', folders: ['schemas/istio', 'schemas/gateway-api'], make };

async function make(): Promise<Outcome> {
  const fetched = await fetchModules();
  if ('failed' in fetched) return { skipped: fetched.failed };
  const kinds = byKind(readCrds(fetched.folders)).map(describeKind);
  const files = kinds.flatMap(({ files: own }) => own);
  return { files: [...files, { path: 'schemas/index.json', text: `${print(indexOf(kinds, fetched.sums))}\n` }] };
}

function byKind(versions: readonly CrdVersion[]): readonly (readonly CrdVersion[])[] {
  const kinds = new Map<string, CrdVersion[]>();
  for (const version of versions) {
    const name = `${version.group}/${version.kind}`;
    kinds.set(name, [...(kinds.get(name) ?? []), version]);
  }
  return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, all]) => all);
}

interface KindEntry {
  readonly group: string;
  readonly kind: string;
  readonly entry: Json;
  readonly files: readonly GeneratedFile[];
}

function describeKind(all: readonly CrdVersion[]): KindEntry {
  const { group, kind, scope } = all.at(-1)!;
  const structures = unchecked.has(kind) ? [] : structuresOf(all);
  const folder = group.endsWith('.istio.io') ? 'istio' : 'gateway-api';
  const names = structures.map(({ versions }, index) => `${folder}/${kind}${index === 0 ? '' : `.${versions[0]}`}`);
  const versions: Record<string, Json> = {};
  for (const version of versionsOf(all)) {
    const index = structures.findIndex((one) => one.versions.includes(version));
    versions[version] = { ...(index < 0 ? {} : { schema: names[index]! }), ...servedIn(all, version) };
  }
  return {
    group,
    kind,
    entry: { scope, versions },
    files: structures.map(({ structure }, index) => ({
      path: `schemas/${names[index]}.json`,
      text: `${print(share(structure))}\n`,
    })),
  };
}

/** Newest first: `v1`, then `v1beta1`, then `v1alpha3`. Only what some release serves. */
function versionsOf(all: readonly CrdVersion[]): readonly string[] {
  const names = [...new Set(all.filter(({ served }) => served).map(({ version }) => version))];
  const maturity = (version: string): number => {
    if (version.includes('alpha')) return 0;
    return version.includes('beta') ? 100 : 200;
  };
  const rank = (version: string) => maturity(version) + Number(/\d+$/.exec(version)?.[0] ?? 0);
  return names.sort((a, b) => rank(b) - rank(a));
}

/** The kind's structures, newest version first; versions that share one stand together. */
function structuresOf(
  all: readonly CrdVersion[],
): readonly { readonly structure: Structure; readonly versions: readonly string[] }[] {
  const found: { structure: Structure; versions: string[]; text: string }[] = [];
  for (const version of versionsOf(all)) {
    const newest = all.filter((one) => one.version === version).at(-1)!;
    const text = JSON.stringify(
      unmarked(merge(all.filter((one) => one.version === version && one.release === newest.release).map(toRelease))),
    );
    const same = found.find((other) => other.text === text);
    if (same) same.versions.push(version);
    else found.push({ structure: {}, versions: [version], text });
  }
  return found.map(({ versions }) => ({
    versions,
    structure: merge(all.filter(({ version }) => versions.includes(version)).map(toRelease)),
  }));
}

function toRelease({ release, channel, schema }: CrdVersion): Release {
  const { properties, required } = structureOf(schema);
  const { spec } = properties ?? {};
  if (!spec) throw new Error('a kind without a spec: decide what becomes of it');
  // A CRD may let a spec be absent whose own required fields the webhook then misses.
  const needed = required ?? (spec.required ? ['spec'] : undefined);
  return {
    release,
    channel,
    structure: { type: 'object', ...(needed ? { required: needed } : {}), properties: { spec } },
  };
}

/** In which releases of its project a version is served. */
function servedIn(all: readonly CrdVersion[], version: string): Record<string, string> {
  const serving = all.filter((one) => one.version === version && one.served);
  const first = serving[0]!.release;
  const last = serving.at(-1)!.release;
  const standard = serving.some(({ release, channel }) => release === last && channel === 'standard');
  return {
    ...(first === releaseOf(pins[0]!, all[0]!.group) ? {} : { since: first }),
    ...(last === releaseOf(pins.at(-1)!, all[0]!.group) ? {} : { until: last }),
    ...(standard ? {} : { channel: 'experimental' }),
  };
}

/** Istio's kinds go by Istio's minors, the Gateway API's by its own. */
function releaseOf(pin: MinorPins, group: string): string {
  return group.endsWith('.istio.io') ? pin.istio : minorOf(pin.gatewayApi.version);
}

function indexOf(kinds: readonly KindEntry[], sums: Modules['sums']): Json {
  const groups: Record<string, Record<string, Json>> = {};
  for (const { group, kind, entry } of kinds) (groups[group] ??= {})[kind] = entry;
  return {
    $comment: 'Generated by `npm run generate`; what it means is in README.md beside it.',
    releases: Object.fromEntries(
      pins.map((pin) => [
        pin.istio,
        { [pin.api.module]: pin.api.version, [pin.gatewayApi.module]: pin.gatewayApi.version },
      ]),
    ),
    sums: { ...sums },
    groups,
  };
}
