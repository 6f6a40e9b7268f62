// A file's outline: one symbol a resource, its main parts below it.
import { shift, type Span } from '../base/span.ts';
import type { Workspace } from '../engine/workspace.ts';
import { describe, type AnyResource } from '../model/resource.ts';
import type { Field } from '../model/field.ts';

export interface DocumentSymbolItem {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'resource' | 'host' | 'port' | 'listener' | 'rule';
  /** In the file. */
  readonly span: Span;
  readonly selection: Span;
  readonly children: readonly DocumentSymbolItem[];
}

/** Of objects, and of parts of them: nobody reads more, and what an editor is sent is written in one step. */
const mostSymbols = 10_000;

/** An object at a step. Of very many, the last symbol says how many more there are. */
export function* documentSymbolsInSteps(
  workspace: Workspace,
  uri: string,
): Generator<undefined, readonly DocumentSymbolItem[]> {
  let room = mostSymbols;
  const objects: DocumentSymbolItem[] = [];
  const more: Child[] = [];
  for (const { record, start } of workspace.documents(uri)) {
    yield;
    for (const resource of record.resources) {
      const whole = objectOf(resource, start);
      if (objects.length >= mostSymbols) {
        more.push(whole);
        continue;
      }
      const all = childrenOf(resource);
      const children = withRest(all.slice(0, room), all.slice(room)).map((child) => placedAt(start, child));
      room -= Math.min(room, all.length);
      objects.push({ ...whole, children: children.map((child) => ({ ...child, children: [] })) });
    }
  }
  return [...objects, ...withRest([], more).map((one) => ({ ...one, children: [] }))];
}

/** Those that are not listed are one. */
function withRest(listed: readonly Child[], others: readonly Child[]): readonly Child[] {
  const [first] = others;
  if (!first) return listed;
  const { kind, selection } = first;
  const span = { start: first.span.start, end: others.at(-1)!.span.end };
  return [...listed, { name: `${others.length} more`, detail: '', kind, span, selection }];
}

function objectOf(resource: AnyResource, start: number): Child {
  return {
    name: describe(resource),
    detail: resource.written.apiVersion,
    kind: 'resource',
    span: shift(resource.at.whole, start),
    selection: shift(resource.at.name, start),
  };
}

function placedAt(start: number, child: Child): Child {
  return { ...child, span: shift(child.span, start), selection: shift(child.selection, start) };
}

type Child = Omit<DocumentSymbolItem, 'children'>;

function childrenOf(resource: AnyResource): Child[] {
  switch (resource.kind) {
    case 'ServiceEntry':
      return [
        ...resource.spec.hosts.map((host) => fieldSymbol(host, 'host')),
        ...resource.spec.ports.map((port) => ({
          name: `${port.number?.value ?? '?'} ${port.protocol?.value ?? ''}`.trim(),
          detail: port.targetPort ? `→ ${port.targetPort.value}` : '',
          kind: 'port' as const,
          span: port.span,
          selection: port.number?.span ?? port.span,
        })),
      ];
    case 'DestinationRule':
      return resource.spec.host ? [fieldSymbol(resource.spec.host, 'host')] : [];
    case 'Gateway':
      return resource.spec.listeners.map((listener) => ({
        name: listener.name?.value ?? 'listener',
        detail: `${listener.protocol?.value ?? ''} ${listener.port?.value ?? ''}`.trim(),
        kind: 'listener' as const,
        span: listener.span,
        selection: listener.name?.span ?? listener.span,
      }));
    case 'AuthorizationPolicy':
      return (resource.spec.rules ?? []).map((rule, index) => ({
        name: `rule ${index + 1}`,
        detail: resource.spec.action?.value ?? 'ALLOW',
        kind: 'rule' as const,
        span: rule.span,
        selection: rule.span,
      }));
    default:
      return [];
  }
}

function fieldSymbol(field: Field<string>, kind: Child['kind']): Child {
  return { name: field.value, detail: '', kind, span: field.span, selection: field.span };
}
