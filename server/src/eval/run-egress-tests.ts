// Expectations against what the mesh would do.
import type { Span } from '../base/span.ts';
import { drained } from '../base/steps.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { readEgressTests, type EgressTestCase } from '../sources/egress-test.ts';
import { parseRequest } from './trace/parse-request.ts';
import type { Trace } from './trace/step.ts';
import { traceInSteps } from './trace/trace.ts';

export interface EgressTestResult {
  readonly name: string;
  /** Of the whole case, in the file. */
  readonly span: Span;
  readonly outcome: 'passed' | 'failed';
  /** Why it failed, one sentence for each expectation that does not hold; empty where it passed. */
  readonly message: string;
  readonly trace: Trace;
}

export interface EgressTestRun {
  readonly results: readonly EgressTestResult[];
  /** What is wrong with the file itself; cases with a mistake are not run. Spans count from the start of the file. */
  readonly problems: readonly { readonly message: string; readonly span: Span }[];
}

export function runEgressTests(text: string, mesh: Mesh): EgressTestRun {
  return drained(runEgressTestsInSteps(text, mesh));
}

export function* runEgressTestsInSteps(text: string, mesh: Mesh): Generator<undefined, EgressTestRun> {
  const { cases, errors } = readEgressTests(text);
  const problems = [...errors];
  const results: EgressTestResult[] = [];
  for (const one of cases) {
    const request = requestOf(one);
    if ('problem' in request) problems.push({ message: request.problem, span: one.url.span });
    else results.push(resultOf(one, yield* traceInSteps(mesh, request)));
    yield;
  }
  return { results, problems };
}

function resultOf(one: EgressTestCase, found: Trace): EgressTestResult {
  const faults = faultsOf(one, found);
  return {
    name: nameOf(one),
    span: one.span,
    outcome: faults.length === 0 ? 'passed' : 'failed',
    message: faults.join(' '),
    trace: found,
  };
}

/** What is wrong with a file of expectations, whatever the manifests are. Spans count from the start of the file. */
export function egressTestProblems(text: string): EgressTestRun['problems'] {
  const { cases, errors } = readEgressTests(text);
  return [
    ...errors,
    ...cases.flatMap((one) => {
      const request = requestOf(one);
      return 'problem' in request ? [{ message: request.problem, span: one.url.span }] : [];
    }),
  ];
}

/** The request of a case, or what is wrong with its URL. */
export function requestOf({ url, from, method, headers, labels }: EgressTestCase): ReturnType<typeof parseRequest> {
  return parseRequest({ url: url.value, from: from.value, method: method?.value, headers, labels });
}

/** A case without a name is called by what it says. */
function nameOf({ name, method, url, from, expect }: EgressTestCase): string {
  return (
    name ??
    `${method?.value ?? 'GET'} ${url.value} from ${from.value} ${expect.value === 'allowed' || expect.value === 'denied' ? 'is ' : ''}${expect.value}`
  );
}

function faultsOf({ expect, via, tls, sni }: EgressTestCase, found: Trace): readonly string[] {
  // Of a request that goes elsewhere than expected its way says nothing more.
  if (found.verdict !== expect.value)
    return [`Expected that it ${verdictWords[expect.value]}, but it ${verdictWords[found.verdict]}: ${found.summary}`];
  return [
    ...(via ? fault('way', via.value, wayOf(found, via.value)) : []),
    ...(tls ? fault('TLS', tls.value, found.upstream ? (found.upstream.tls?.mode ?? 'none') : undefined) : []),
    ...(sni ? fault('server name', sni.value, found.upstream ? (found.upstream.tls?.sni ?? 'none') : undefined) : []),
  ];
}

/** A client's sidecar alone is `direct` too, as neither waypoint nor gateway is on the way. */
function wayOf({ waypoint, gateway, hops }: Trace, expected: string): string {
  if (waypoint) return `${waypoint.namespace}/${waypoint.name}`;
  if (gateway) return `gateway ${gateway.namespace}/${gateway.name}`;
  return hops.length > 0 && expected !== 'direct' ? 'sidecar' : 'direct';
}

/** What a request does, behind "it". */
export const verdictWords: Readonly<Record<Trace['verdict'], string>> = {
  allowed: 'is allowed',
  denied: 'is denied',
  fails: 'fails',
  bypasses: 'bypasses the waypoint',
  undetermined: 'is undetermined',
};

/** Undefined: the request reaches no host. */
function fault(what: string, expected: string, actual: string | undefined): readonly string[] {
  if (actual === expected) return [];
  return [
    `Expected ${what} ${expected}, but ${actual === undefined ? 'the request reaches no host' : `it is ${actual}`}.`,
  ];
}
