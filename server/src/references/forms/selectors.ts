// What selectors and providers name: labels of pods, subsets, access logs and authorizers of the mesh settings.
import { expandHost, normalizeHost } from '../../names/hosts.ts';
import { rulesAnywhere } from '../../mesh/destination-rules/matching-rules.ts';
import { groupBy } from '../../base/group-by.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { describe } from '../../model/resource.ts';
import type { Entity } from '../entity.ts';
import { beside, textAt, type FieldAt } from '../situation.ts';
import { distinct, from, whole, type Candidate, type Form, wholeFor } from './form.ts';

/** A label's value under its key, as pods of the namespace carry it. */
export const labelValue: Form = {
  names: 'label of pods',
  spelling: '`value` under its key',
  read: (text, at) => wholeFor(text, labelsAt(at, text)),
  candidates: (at) => distinct(labelsOf(at, ({ key, value }) => (key === String(at.path.at(-1)) ? value : ''))),
};

/** A label's key. */
export const labelKey: Form = {
  names: 'label of pods',
  spelling: '`key`',
  read: () => [],
  candidates: (at) => distinct(labelsOf(at, ({ key }) => key)),
};

function labelsAt({ path, namespace, kind, mesh }: FieldAt, value: string): readonly Entity[] {
  const key = String(path.at(-1));
  const elsewhere = kind === 'IstioGateway' ? (namespacesByLabel(mesh).get(`${key}=${value}`) ?? []) : [];
  return [...new Set([namespace, ...elsewhere])].map((one) => ({ type: 'label', namespace: one, key, value }));
}

/** An Istio Gateway selects pods of all namespaces. server/docs/istio-semantics-classic.md §F.1; istio@86c9f01 pilot/pkg/model/push_context.go mergeGateways. */
function namespacesByLabel(all: Mesh): ReadonlyMap<string, readonly string[]> {
  return all.derived('namespaces by label', (mesh) => {
    const pods = [...mesh.all('Workload'), ...mesh.all('Pod')];
    const labels = pods.flatMap(({ namespace, spec }) =>
      [...spec.labels].map(([key, { value }]) => ({ text: `${key}=${value}`, namespace })),
    );
    const found = groupBy(labels, ({ text }) => text);
    return new Map([...found].map(([text, list]) => [text, [...new Set(list.map(({ namespace }) => namespace))]]));
  });
}

function* labelsOf(
  { mesh, namespace }: FieldAt,
  text: (label: { readonly key: string; readonly value: string }) => string,
): Generator<Candidate> {
  for (const kind of ['Workload', 'Pod'] as const)
    for (const pod of mesh.inNamespace(kind, namespace))
      for (const [key, { value }] of pod.spec.labels)
        yield { text: text({ key, value }), detail: `pods of ${describe(pod)}`, uri: pod.uri };
}

/** The subset of a destination's host. */
export const subset: Form = {
  names: 'subset',
  spelling: '`name`',
  read: (text, at) => whole(text, { type: 'subset', host: destinationHost(at), name: text }),
  *candidates(at) {
    for (const rule of rulesAnywhere(at.mesh, destinationHost(at)))
      for (const { name } of rule.spec.subsets) yield from(rule, name?.value ?? '');
  },
};

/** A subset where its DestinationRule defines it. */
export const declaredSubset: Form = {
  names: 'the subset itself',
  spelling: '`name`',
  read: (text, at) =>
    whole(text, { type: 'subset', host: fullName(textAt(at.root, ['spec', 'host']) ?? '', at), name: text }),
  candidates: () => [],
};

function destinationHost(at: FieldAt): string {
  return fullName(beside(at, 'host') ?? '', at);
}

function fullName(host: string, { mesh, namespace }: FieldAt): string {
  return normalizeHost(expandHost(host, namespace, mesh.settings.clusterDomain));
}

/** istio@86c9f01 pkg/config/mesh/mesh.go DefaultMeshConfig. */
export const builtInProviders: readonly string[] = ['prometheus', 'stackdriver', 'envoy'];

/** A provider of Telemetry, or of a policy with action CUSTOM. */
export function provider(brought: readonly string[]): Form {
  return {
    names: 'provider',
    spelling: '`name`',
    read: (text) => whole(text, { type: 'provider', name: text }),
    *candidates({ mesh }) {
      for (const name of mesh.settings.extensionProviders)
        yield { text: name, detail: 'extensionProviders of the mesh settings' };
      for (const name of brought) yield { text: name, detail: 'built in' };
    },
  };
}
