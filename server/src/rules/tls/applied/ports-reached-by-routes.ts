import type { Kind } from '../../../model/kinds.ts';

/** Kinds that questions about routes read. */
export const routeInputs: readonly Kind[] = ['VirtualService', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'];
