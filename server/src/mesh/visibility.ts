// exportTo, as the Envoy side reads it. (ztunnel ignores it on ServiceEntries.)
import type { Resource } from '../model/resource.ts';
import type { Mesh } from './mesh.ts';

/** Whether a resource with `exportTo` is visible to a namespace; an empty list falls back to the mesh default. */
export declare function isExportedTo(mesh: Mesh, resource: Resource<'ServiceEntry'> | Resource<'DestinationRule'> | Resource<'VirtualService'>, namespace: string): boolean;
