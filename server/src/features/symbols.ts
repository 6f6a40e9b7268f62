// A file's outline: one symbol a resource, its main parts below it.
import type { Span } from '../base/span.ts';
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

export function documentSymbols(workspace: Workspace, uri: string): readonly DocumentSymbolItem[] {
  return workspace
    .documents(uri)
    .flatMap(({ record, start }) =>
      record.resources.map((resource) =>
        symbolOf(resource, (span) => ({ start: span.start + start, end: span.end + start })),
      ),
    );
}

function symbolOf(resource: AnyResource, place: (span: Span) => Span): DocumentSymbolItem {
  return {
    name: describe(resource),
    detail: resource.written.apiVersion,
    kind: 'resource',
    span: place(resource.at.whole),
    selection: place(resource.at.name),
    children: childrenOf(resource).map(({ span, selection, ...child }) => ({
      ...child,
      span: place(span),
      selection: place(selection),
      children: [],
    })),
  };
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
