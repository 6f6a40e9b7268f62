// Items of the call hierarchy, as a client gives them back.
import { listOf, object, optional, text, type Reader } from './read.ts';
import { range, type Range } from './shared.ts';

/** Hosts, or a caller as the access table has them: without a namespace all others. */
export interface CallHierarchyData {
  readonly hosts?: readonly string[];
  readonly namespace?: string;
  readonly serviceAccount?: string;
}

export interface CallHierarchyRequest {
  readonly item: { readonly uri: string; readonly selectionRange: Range; readonly data: CallHierarchyData };
}

export const callHierarchyParams: Reader<CallHierarchyRequest> = object<CallHierarchyRequest>({
  item: object<CallHierarchyRequest['item']>({
    uri: text,
    selectionRange: range,
    data: object<CallHierarchyData>({
      hosts: optional(listOf(text)),
      namespace: optional(text),
      serviceAccount: optional(text),
    }),
  }),
});
