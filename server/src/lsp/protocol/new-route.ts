// The request behind New Egress Route: the next question, or what the answers give.
import { request } from './define.ts';
import { mapOf, object, text } from './read.ts';
import { folderOf, type Unanswerable } from './shared.ts';
import type { AccessRow, TraceResult } from './egress.ts';
import type { RouteQuestion } from '../../features/new-route/route-questions.ts';

export interface NewRouteParams {
  /** A file of the folder that new files stand in where no manifest shows another; `null` means the first folder. */
  readonly uri: string | null;
  /** Given so far, by the names of the questions. */
  readonly answers: Readonly<Record<string, string>>;
}

export interface NewRouteResult {
  /** `null` where every answer is there. */
  readonly question: RouteQuestion | null;
  readonly plan: PlannedRoute | null;
}

export interface PlannedRoute {
  readonly title: string;
  readonly files: readonly RouteFile[];
  readonly requests: readonly RouteRequest[];
  readonly access: readonly AccessRow[];
  /** What the user has to do or to know, in sentences. */
  readonly notes: readonly string[];
}

export interface RouteFile {
  readonly uri: string;
  readonly isNew: boolean;
  readonly before: string;
  readonly after: string;
}

interface RouteRequest {
  readonly url: string;
  readonly from: string;
  readonly method: string;
  readonly isAsAsked: boolean;
  readonly trace: TraceResult;
}
export type { RouteQuestion };

export const newRouteRequests = {
  'istioEgress/newRoute': request<NewRouteParams, NewRouteResult | Unanswerable>({
    read: object<NewRouteParams>({ uri: folderOf, answers: mapOf(text) }),
    needsAllFiles: true,
    answers: 'the next question about a new route, or its files, the traces of its clients and who may call',
  }),
};
