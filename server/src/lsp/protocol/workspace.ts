// Requests about the workspace as a whole and about a place in a file.
import { notification, request } from './define.ts';
import { listOf, nothing, nullable, object, text } from './read.ts';
import { folderOf, placeParams, type PlaceParams, type Range, type Unanswerable } from './shared.ts';
import type { TraceResult } from './egress.ts';
import type { EgressTestResult } from '../../eval/run-egress-tests.ts';
import type { RequestChoices } from '../../features/request-choices.ts';
import type { Severity } from '../../rules/rule.ts';
import type { Skipped } from '../../engine/reader.ts';

export interface RulePageParams {
  readonly rule: string;
}

export interface RulePageResult {
  readonly markdown: string;
}

export interface CheckWorkspaceResult {
  readonly files: number;
  readonly resources: number;
  readonly findings: Readonly<Record<Severity, number>>;
  readonly skipped: readonly Pick<Skipped, 'uri' | 'why'>[];
}

export interface NamespaceAtResult {
  /** A Namespace's own name, else the resource's namespace; without a resource at the position, that of the file's first resource; `null` without any. */
  readonly namespace: string | null;
}

export interface RequestAtResult {
  /** Of the ServiceEntry at the position; `null` where there is none. */
  readonly url: string | null;
  /** `NAMESPACE/SERVICE-ACCOUNT` of workloads that files show. */
  readonly clients: readonly string[];
}

export interface RequestChoicesParams {
  /** A file of the folder; `null` means the first folder. */
  readonly uri: string | null;
}

export type RequestChoicesResult = RequestChoices;

export interface RunTestsParams {
  readonly uri: string;
}

export interface RunTestsResult {
  readonly tests: readonly TestResult[];
}

export interface TestResult extends Pick<EgressTestResult, 'name' | 'outcome' | 'message'> {
  /** Of the expectation, in the file. */
  readonly range: Range;
  /** `null` for a case that could not be read. */
  readonly trace: TraceResult | null;
}

export interface HandedFiles {
  readonly files: readonly HandedFile[];
}

export interface HandedFile {
  readonly uri: string;
  /** `null`: the file is gone, or cannot be read. */
  readonly text: string | null;
}

export interface FirstMessage extends HandedFiles {
  /** The address of `dist/engine.js`: the worker cannot derive it from its own address, which is often that of a blob. */
  readonly engine: string;
}

export const workspaceRequests = {
  'istioEgress/rulePage': request<RulePageParams, RulePageResult>({
    read: object<RulePageParams>({ rule: text }),
    answers: '`{ markdown }`, empty for an unknown rule',
  }),
  'istioEgress/checkWorkspace': request<undefined, CheckWorkspaceResult>({
    read: nothing,
    answers: 'reads every file again; counts of files, resources and findings, and the skipped files',
  }),
  'istioEgress/namespaceAt': request<PlaceParams, NamespaceAtResult>({
    read: placeParams,
    answers: '`{ namespace }` of the manifest at the position, `null` without one',
  }),
  'istioEgress/requestAt': request<PlaceParams, RequestAtResult>({
    read: placeParams,
    answers: '`{ url, clients }`: a request to trace from this position',
  }),
  'istioEgress/requestChoices': request<RequestChoicesParams, RequestChoicesResult>({
    read: object<RequestChoicesParams>({ uri: folderOf }),
    needsAllFiles: true,
    answers: '`{ urls, clients }`: what a request to trace can be chosen from',
  }),
  'istioEgress/runTests': request<RunTestsParams, RunTestsResult | Unanswerable>({
    read: object<RunTestsParams>({ uri: text }),
    needsAllFiles: true,
    answers: 'each expectation of a `*.egress-test.yaml`: passed or failed, with the trace',
  }),
};

export const workspaceNotifications = {
  'istioEgress/trust': notification({
    read: nothing,
    to: 'session',
    tells: 'the workspace is trusted now, so helm and kustomize may run',
  }),
  'istioEgress/handedFiles': notification<HandedFiles, 'worker'>({
    read: object<HandedFiles>({ files: listOf(object<HandedFile>({ uri: text, text: nullable(text) })) }),
    to: 'worker',
    tells: 'texts of files, for a server in a browser, which cannot read them',
  }),
};
