// A planned route as text and JSON: the files as a diff, what its requests do, and who may call.
import { visibleLine } from '../../base/visible.ts';
import { traceJson } from '../../eval/trace/to-json.ts';
import { accessRowJson } from '../../eval/access/to-json.ts';
import { requestAndClient } from '../../features/facts/request-words.ts';
import { accessTable } from '../access-table.ts';
import type { Placer } from '../position.ts';
import { traceText } from '../commands/trace.ts';
import type { RoutePlan } from '../../features/new-route/new-route.ts';

export interface RouteReport {
  readonly plan: RoutePlan;
  readonly diff: string;
  readonly place: Placer;
}

export function routeText(
  { plan, diff, place }: RouteReport,
  { color, width }: { color: boolean; width: number },
): string {
  return [
    `${visibleLine(plan.title)}\n`,
    diff,
    ...plan.requests.flatMap(({ request, trace }) => [
      visibleLine(requestAndClient(request)),
      `${traceText(trace, place, color, '  ')}\n`,
    ]),
    'Who may call:',
    accessTable(plan.access, place, width),
    ...plan.notes.map((note) => visibleLine(note)),
    '',
  ].join('\n');
}

export function routeJson({ plan, diff, place }: RouteReport, files: readonly string[]): string {
  const { title, requests, access, notes } = plan;
  const content = {
    version: 1,
    title,
    files,
    diff,
    requests: requests.map(({ request, trace, isAsAsked }) => ({
      request: requestAndClient(request),
      asAsked: isAsAsked,
      trace: traceJson(trace, ({ resource, span }) => place(resource, span)),
    })),
    access: access.map((row) => accessRowJson(row, ({ resource, span }) => place(resource, span))),
    notes,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
