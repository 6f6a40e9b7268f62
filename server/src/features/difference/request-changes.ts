// Declared requests whose verdict a change of the manifests alters, from every client that they show or name.
import type { TraceRequest } from '../../eval/trace/request.ts';
import type { Trace } from '../../eval/trace/step.ts';
import { trace } from '../../eval/trace/trace.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { knownTraffic } from '../facts/known-traffic.ts';

export interface RequestChange {
  readonly request: TraceRequest;
  readonly before: Trace;
  readonly after: Trace;
}

export interface RequestChanges {
  readonly changes: readonly RequestChange[];
  readonly compared: number;
  /** Whether there are more requests than were compared. */
  readonly isShort: boolean;
}

/** The maximum, because each one is two traces. */
const mostCompared = 5000;

export function* requestChangesInSteps(before: Mesh, after: Mesh): Generator<undefined, RequestChanges> {
  const changes: RequestChange[] = [];
  let compared = 0;
  for (const request of knownTraffic([before, after], () => false)) {
    if (compared === mostCompared) return { changes, compared, isShort: true };
    compared++;
    yield;
    const [was, is] = [trace(before, request), trace(after, request)];
    if (was.verdict !== is.verdict) changes.push({ request, before: was, after: is });
  }
  return { changes, compared, isShort: false };
}
