// What the cases of a `*.egress-test.yaml` name: clients, hosts, ports and waypoints.
import { contains, type Span } from '../../base/span.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Field } from '../../model/field.ts';
import { namespaceNamed } from '../../references/entity.ts';
import { moved, piece, type Part } from '../../references/forms/form.ts';
import { hostParts } from '../../references/forms/hosts.ts';
import { objectNamed } from '../../references/forms/objects.ts';
import { editOf, type WrittenName } from '../../references/occurrences.ts';
import { readEgressTests, type EgressTestCase } from '../../sources/egress-test.ts';
import { normalizeHost } from '../../names/hosts.ts';

/** Spans count from the start of the file. */
export function* expectationNames(mesh: Mesh, text: string): Generator<WrittenName> {
  for (const one of readEgressTests(text).cases)
    for (const { field, parts } of namedBy(one, mesh)) yield* written(field, parts, text);
}

/** Those around an offset, the narrowest first. */
export function expectationNamesAt(mesh: Mesh, text: string, offset: number): readonly WrittenName[] {
  const length = ({ start, end }: Span): number => end - start;
  return [...expectationNames(mesh, text)]
    .filter(({ span }) => contains(span, offset))
    .sort((a, b) => length(a.span) - length(b.span));
}

interface NamingField {
  readonly field: Field<string>;
  readonly parts: readonly Part[];
}

function namedBy({ from, url, via, sni }: EgressTestCase, mesh: Mesh): readonly NamingField[] {
  const [client = ''] = from.value.split('/');
  return [
    { field: from, parts: withNamespace(from.value, 'ServiceAccount') },
    { field: url, parts: urlParts(url.value, mesh, client) },
    ...(via && via.value !== 'direct' ? [{ field: via, parts: withNamespace(via.value, 'Gateway') }] : []),
    ...(sni ? [{ field: sni, parts: hostParts(sni.value, mesh, undefined) }] : []),
  ];
}

/** `namespace` or `namespace/name`. */
function withNamespace(text: string, kind: 'ServiceAccount' | 'Gateway'): readonly Part[] {
  const [namespace = '', name = ''] = text.split('/');
  return [
    ...piece(0, namespace, namespaceNamed(namespace)),
    ...piece(namespace.length + 1, name, objectNamed(kind, namespace, name)),
  ];
}

/** A URL has no wildcard. */
function urlParts(text: string, mesh: Mesh, client: string): readonly Part[] {
  const [, scheme = '', name = '', port] =
    /^([a-z][\w+.-]*:\/\/)?([^/:?#[\]@]+)(?::(\d+))?(?=[/?#]|$)/i.exec(text) ?? [];
  const hosts = hostParts(name, mesh, client).map(
    (part): Part => ({
      ...part,
      renamed: (to) => (to.includes('*') ? undefined : part.renamed(to)),
    }),
  );
  const host = hosts.flatMap(({ entities }) => entities).find(({ type }) => type === 'host');
  const ports =
    port === undefined ? [] : piece(name.length + 1, port, { type: 'port', host: nameOf(host), number: Number(port) });
  return moved([...hosts, ...ports], scheme.length);

  function nameOf(entity: typeof host): string {
    return entity?.type === 'host' ? entity.host : normalizeHost(name);
  }
}

function* written({ span, value }: Field<string>, parts: readonly Part[], text: string): Generator<WrittenName> {
  const isPlain = text.startsWith(value, span.start);
  const start = isPlain ? span.start : span.start + 1;
  if (!text.startsWith(value, start)) return; // with escapes, or in a block
  for (const part of parts) {
    const at = { start: start + part.from, end: start + part.to };
    yield { span: at, role: 'reference', entities: part.entities, edit: editOf({ start, value, isPlain }, part) };
  }
}
