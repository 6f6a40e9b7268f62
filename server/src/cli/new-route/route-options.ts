// Options that answer the questions about a new route.
import type { RouteAnswerName, RouteAnswers } from '../../features/new-route/route-answers.ts';

export const optionOf: Readonly<Record<RouteAnswerName, string>> = {
  host: '--host',
  tls: '--tls',
  port: '--port',
  secret: '--secret',
  callers: '--from',
  methods: '--method',
  paths: '--path',
  gateway: '--gateway',
  log: '--access-log',
};

/** An option that is repeated is a list, as one with commas. */
export function routeAnswersOf(options: ReadonlyMap<string, string>): RouteAnswers {
  const given = Object.entries(optionOf).flatMap(([name, option]) => {
    const value = options.get(option);
    return value === undefined ? [] : [[name, value.replaceAll('\n', ',')] as const];
  });
  return Object.fromEntries(given);
}
