// Names of objects: alone, with a namespace before them, or beside their kind and group.
import { kindOf } from '../../model/kind-of.ts';
import type { Kind } from '../../model/kinds.ts';
import type { Resource } from '../../model/resource.ts';
import { describe } from '../../model/resource.ts';
import { namespaceNamed, type Entity } from '../entity.ts';
import { isSubdomain } from '../../names/kubernetes-names.ts';
import { beside, textAt, type FieldAt } from '../situation.ts';
import { distinct, from, nearFirst, piece, whole, type Candidate, type Form, type Part } from './form.ts';
import { undeclaredNames } from './undeclared.ts';

const inNoNamespace: ReadonlySet<Kind> = new Set(['Namespace', 'GatewayClass']);

export function objectNamed(kind: Kind, namespace: string, name: string): Entity {
  return { type: 'object', kind, namespace: inNoNamespace.has(kind) ? '' : namespace, name };
}

/** `metadata.name`. */
export const ownName: Form = {
  names: 'the object itself',
  spelling: '`name`',
  read: (text, { kind, namespace }) => whole(text, objectNamed(kind, namespace, text)),
  *candidates(at) {
    yield* undeclaredNames(at);
    yield* distinct(namesFromHost(at));
  },
};

/** `api-example-com` and `api` for `api.example.com`. */
function* namesFromHost({ root }: FieldAt): Generator<Candidate> {
  const host = textAt(root, ['spec', 'hosts', 0]) ?? textAt(root, ['spec', 'host']);
  const labels =
    host
      ?.toLowerCase()
      .replace(/^\*\.?/, '')
      .split('.') ?? [];
  for (const text of [labels.join('-'), labels[0] ?? ''])
    if (isSubdomain(text)) yield { text, detail: `from the host ${host}` };
}

/** An object of one kind; `home` says in which namespace, else the object's own. */
export function objectOf<K extends Kind>(
  kind: K,
  home: (at: FieldAt) => string = ({ namespace }) => namespace,
  accepts: (resource: Resource<K>, at: FieldAt) => boolean = () => true,
): Form {
  return {
    names: kind,
    spelling: '`name`',
    read: (text, at) => whole(text, objectNamed(kind, home(at), text)),
    candidates: (at) => namesIn(at, kind, home(at), accepts),
  };
}

function* namesIn<K extends Kind>(
  at: FieldAt,
  kind: K,
  namespace: string,
  accepts: (resource: Resource<K>, at: FieldAt) => boolean,
): Generator<Candidate> {
  for (const resource of at.mesh.inNamespace(kind, inNoNamespace.has(kind) ? '' : namespace))
    if (accepts(resource, at)) yield from(resource, resource.name);
}

/** `name` in the object's own namespace, or `namespace/name`; `.` is the own one. istio@86c9f01 pilot/pkg/model/virtualservice.go resolveGatewayName. */
export function objectInAnyNamespace(kind: Kind, besides: readonly string[] = []): Form {
  return {
    names: kind,
    spelling: '`name` or `namespace/name`',
    read(text, at) {
      if (besides.includes(text)) return [];
      const slash = text.indexOf('/');
      if (slash < 0) return whole(text, objectNamed(kind, at.namespace, text));
      const namespace = text.slice(0, slash);
      const home = namespace === '.' ? at.namespace : namespace;
      return [
        ...namespacePart(namespace, 0),
        ...piece(slash + 1, text.slice(slash + 1), objectNamed(kind, home, text.slice(slash + 1))),
      ];
    },
    *candidates(at) {
      for (const text of besides) yield { text, detail: 'the sidecars and waypoints of the mesh' };
      for (const resource of nearFirst(at.mesh.inNamespace(kind, at.namespace), at.mesh.all(kind))) {
        const { namespace, name } = resource;
        yield from(resource, namespace === at.namespace ? name : `${namespace}/${name}`);
      }
    },
  };
}

const special: ReadonlySet<string> = new Set(['*', '.', '~', '']);

/** A namespace's name where one can stand; `*`, `.` and `~` name none, nor does a pattern. */
export function namespacePart(text: string, from: number): readonly Part[] {
  return special.has(text) || text.includes('*') ? [] : piece(from, text, namespaceNamed(text));
}

/** A namespace; `also` are the other values that the field takes. */
export function namespace(also: readonly Candidate[] = []): Form {
  return {
    names: 'namespace',
    spelling: '`name`',
    read: (text) => namespacePart(text, 0),
    *candidates(at) {
      yield* also;
      yield* distinct(namespacesOf(at));
    },
  };
}

/** Where requests come from: namespaces with workloads first. */
export const sourceNamespace: Form = {
  ...namespace(),
  candidates: (at) => distinct(sourceNamespaces(at)),
};

function* sourceNamespaces(at: FieldAt): Generator<Candidate> {
  for (const kind of ['Workload', 'Pod', 'ServiceAccount'] as const)
    for (const resource of at.mesh.all(kind))
      yield { text: resource.namespace, detail: `namespace of ${describe(resource)}`, uri: resource.uri };
  yield* namespacesOf(at);
}

const inhabited: readonly Kind[] = ['ServiceEntry', 'Gateway', 'Workload', 'ServiceAccount', 'Service'];

/** Those of the situation first: the object's own, then declared ones, then those that objects are in. */
function* namespacesOf({ mesh, namespace: own }: FieldAt): Generator<Candidate> {
  if (own !== '') yield { text: own, detail: "the object's own namespace" };
  for (const declared of mesh.all('Namespace')) yield from(declared, declared.name);
  for (const kind of inhabited)
    for (const resource of mesh.all(kind))
      yield { text: resource.namespace, detail: `namespace of ${describe(resource)}`, uri: resource.uri };
}

/** What a reference with kind and group leads to. The first choice is what a reference without them means. */
export interface TargetChoice {
  readonly group: string;
  readonly kind: string;
}

export interface RefForm {
  /** A `namespace` beside it counts. */
  readonly otherNamespaces: boolean;
  /** Kind and group may be left out: then the first choice is meant. */
  readonly hasDefaults: boolean;
}

/** The name of a reference that has `kind`, `group` and perhaps `namespace` beside it. */
export function objectRef(choices: readonly TargetChoice[], { otherNamespaces, hasDefaults }: RefForm): Form {
  const usual = choices[0]!;
  return {
    names: choices.map(({ kind }) => kind).join(', '),
    spelling: '`name`, with `kind` and `group` beside it',
    read(text, at) {
      const kind = refKind(at, usual);
      return kind === undefined ? [] : whole(text, objectNamed(kind, refNamespace(at, otherNamespaces), text));
    },
    *candidates(at) {
      const written = beside(at, 'kind');
      for (const choice of choices) if (written === undefined || written === choice.kind) yield* ofChoice(at, choice);
    },
  };

  function* ofChoice(at: FieldAt, choice: TargetChoice): Generator<Candidate> {
    const kind = modelKind(choice);
    if (kind === undefined) return;
    const home = refNamespace(at, otherNamespaces);
    const others = otherNamespaces && beside(at, 'namespace') === undefined ? at.mesh.all(kind) : [];
    const named = hasDefaults && choice === usual ? {} : { group: choice.group, kind: choice.kind };
    for (const resource of nearFirst(at.mesh.inNamespace(kind, home), others)) {
      const { name, namespace: where } = resource;
      const isElsewhere = otherNamespaces && where !== at.namespace && where !== '';
      yield { ...from(resource, name), beside: isElsewhere ? { ...named, namespace: where } : named };
    }
  }
}

/** Undefined for a kind that is not read, and for hosts, which are no objects. */
export function refKind(at: FieldAt, usual: TargetChoice): Kind | undefined {
  return modelKind({ group: beside(at, 'group') ?? usual.group, kind: beside(at, 'kind') ?? usual.kind });
}

function refNamespace(at: FieldAt, otherNamespaces: boolean): string {
  return (otherNamespaces ? beside(at, 'namespace') : undefined) ?? at.namespace;
}

function modelKind({ group, kind }: TargetChoice): Kind | undefined {
  const prefix = group === '' || group === 'core' ? '' : `${group}/`;
  return kindOf(`${prefix}v1`, kind);
}
