// What the server and its clients say to each other beyond standard LSP. Plain types and names only: clients import nothing else of the server's.

/** The section that `workspace/configuration` is asked for and `didChangeConfiguration` speaks of. */
export const configurationSection = 'istioEgress';

/** The settings of a client under `istioEgress`; a client that has no settings sends none, and each absent field means its default. */
export interface ClientSettings {
  /** Minor version such as `1.31`; empty means the folder's configuration decides, else the newest supported. */
  readonly istioVersion?: string;
  /** By rule id. */
  readonly severities?: Readonly<Record<string, 'error' | 'warning' | 'information' | 'hint' | 'off'>>;
  /** Kinds of which the folder is said to hold all; `null` means the default. */
  readonly completeKinds?: readonly string[] | null;
  /** The namespace of manifests that name none. */
  readonly defaultNamespace?: string;
  /** Lines of computed facts above resources; on unless switched off. */
  readonly codeLens?: { readonly enabled: boolean };
  /** What leaves behind a port; on unless switched off. */
  readonly inlayHints?: { readonly enabled: boolean };
  /** Whether helm and kustomize are run in a trusted workspace; on unless switched off. */
  readonly render?: { readonly enabled: boolean };
}

/** `initializationOptions`: the settings as they are at the start, so that the first findings need no second round. */
export interface InitializationOptions {
  readonly settings?: ClientSettings;
  /** The person trusts the workspace, so that programs may be run on its files. */
  readonly trusted?: boolean;
  /** Start of the URI under which the client shows rule pages, e.g. `istio-egress-rule:/`; `<rule>.md` follows. Absent: findings carry no link. */
  readonly rulePageBase?: string;
  /** The client wants `istioEgress/changed`. */
  readonly tellsChanges?: boolean;
}

/** The person trusts the workspace from now on. No parameters. */
export const trustNotification = 'istioEgress/trust';

/** The Markdown page of a rule: `{ rule }` → `{ markdown }`, empty for an unknown rule. */
export const rulePageRequest = 'istioEgress/rulePage';

/** Reads the whole workspace anew and answers with the sums; the findings themselves come as diagnostics. No parameters. */
export const checkWorkspaceRequest = 'istioEgress/checkWorkspace';

export interface CheckWorkspaceResult {
  readonly files: number;
  readonly resources: number;
  readonly findings: FindingCounts;
  readonly skipped: readonly SkippedFile[];
}

export interface FindingCounts {
  readonly error: number;
  readonly warning: number;
  readonly information: number;
  readonly hint: number;
}

export interface SkippedFile {
  readonly uri: string;
  /** A phrase for people, e.g. `Helm template`. */
  readonly why: string;
}

/** The namespace that the manifest at a position speaks of, for commands that ask where to work: {@link NamespaceAtParams} → {@link NamespaceAtResult}. */
export const namespaceAtRequest = 'istioEgress/namespaceAt';

export interface NamespaceAtParams {
  readonly uri: string;
  readonly position: { readonly line: number; readonly character: number };
}

export interface NamespaceAtResult {
  /** A Namespace's own name, else the resource's namespace; where none stands at the position, that of the file's first resource; `null` without any. */
  readonly namespace: string | null;
}

/**
 * To a server in a browser's worker, which cannot read files: their texts. They come with the {@link FirstMessage} of the worker, before
 * the protocol begins; each later change comes as this notification, ahead of the standard one that tells of the change.
 */
export const handedFilesNotification = 'istioEgress/handedFiles';

export interface HandedFiles {
  /** `null`: the file is gone, or cannot be read. */
  readonly files: readonly { readonly uri: string; readonly text: string | null }[];
}

export interface FirstMessage extends HandedFiles {
  /** Where the worker finds `dist/engine.js`: it cannot tell from its own address, which is often a blob's. */
  readonly engine: string;
}

/** A place that an answer rests on. */
export interface Evidence {
  readonly uri: string;
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  readonly resource: { readonly kind: string; readonly namespace: string; readonly name: string } | null;
  /** What it has to do with the answer, where that goes without saying it is absent. */
  readonly message?: string;
}

/** Instead of an answer: why what was asked cannot be answered, one sentence for people. */
export interface Unanswerable {
  readonly problem: string;
}

/** What a person may want to trace from a position: {@link RequestAtParams} → {@link RequestAtResult}. */
export const requestAtRequest = 'istioEgress/requestAt';

export interface RequestAtParams {
  readonly uri: string;
  readonly position: { readonly line: number; readonly character: number };
}

export interface RequestAtResult {
  /** Of the ServiceEntry at the position; `null` where there is none. */
  readonly url: string | null;
  /** `NAMESPACE/SERVICE-ACCOUNT` of workloads that files show. */
  readonly clients: readonly string[];
}

/** What one request does: {@link TraceParams} → {@link TraceResult}, or {@link Unanswerable}. */
export const traceRequest = 'istioEgress/trace';

export interface TraceParams {
  /** A file of the folder that is asked about; `null` means the first folder. */
  readonly uri: string | null;
  readonly url: string;
  /** `NAMESPACE` or `NAMESPACE/SERVICE-ACCOUNT`. */
  readonly from: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the client's pod. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Server name in the client's handshake, where it is not the host. */
  readonly sni?: string;
}

/** As the command line's `--format json`, with `uri` in place of `file`. */
export interface TraceResult {
  readonly verdict: 'allowed' | 'denied' | 'fails' | 'bypasses' | 'undetermined';
  readonly summary: string;
  readonly steps: readonly {
    readonly stage: string;
    readonly outcome: 'yes' | 'no' | 'unknown';
    readonly message: string;
    readonly evidence: readonly Evidence[];
  }[];
  readonly waypoint: { readonly namespace: string; readonly name: string } | null;
  readonly upstream: {
    readonly address: string;
    readonly port: number;
    readonly protocol: string;
    readonly tls: {
      readonly mode: 'SIMPLE' | 'MUTUAL';
      readonly sni: string | null;
      readonly verifiesName: boolean;
      readonly roots: string | null;
    } | null;
  } | null;
  readonly log: { readonly upstreamCluster: string; readonly status: number | null } | null;
  readonly candidates: readonly TraceResult[];
}

/** Who may call what: {@link AccessParams} → {@link AccessResult}. */
export const accessRequest = 'istioEgress/access';

export interface AccessParams {
  /** A file of the folder that is asked about; `null` means the first folder. */
  readonly uri: string | null;
  /** Hosts of interest; absent means all. */
  readonly hosts?: readonly string[];
}

export interface AccessResult {
  /** The table is large: rows that repeat that of their namespace, or of anyone else, are left out; host `*` and port 0 stand for all. */
  readonly short?: boolean;
  readonly rows: readonly AccessRow[];
}

export interface AccessRow {
  /** `*`: anyone else. */
  readonly from: { readonly namespace: string; readonly serviceAccount: string | null } | '*';
  readonly host: string;
  readonly port: number;
  readonly via: string;
  readonly access: 'all' | 'some' | 'none' | 'undetermined';
  readonly operations: readonly {
    readonly methods?: readonly string[];
    readonly paths?: readonly string[];
    readonly when?: readonly string[];
  }[];
  readonly because: readonly Evidence[];
}

/** What lines of an access log say: {@link ExplainLogParams} → {@link ExplainLogResult}. */
export const explainLogRequest = 'istioEgress/explainLog';

export interface ExplainLogParams {
  /** A file of the folder whose manifests the lines are linked to; `null` means the first folder. */
  readonly uri: string | null;
  readonly text: string;
}

export interface ExplainLogResult {
  /** Lines that are no access-log lines are left out. */
  readonly lines: readonly ExplainedLine[];
}

export interface ExplainedLine {
  readonly line: string;
  /** `answered`: by the upstream, whatever its status; `connected`: bytes went through; `denied`: by a policy; `failed`: anything else. */
  readonly outcome: 'answered' | 'denied' | 'failed' | 'connected';
  readonly summary: string;
  readonly fields: readonly { readonly name: string; readonly value: string; readonly meaning: string }[];
  readonly links: readonly Evidence[];
  readonly notes: readonly string[];
  readonly proposal: { readonly title: string; readonly yaml: string; readonly fill: readonly string[] } | null;
}

/** What a waypoint's coming or going changes for what the files show: {@link WaypointImpactParams} → {@link WaypointImpactResult}, or {@link Unanswerable}. */
export const waypointImpactRequest = 'istioEgress/waypointImpact';

export interface WaypointImpactParams {
  /** A file of the folder that is asked about; `null` means the first folder. */
  readonly uri: string | null;
  readonly change: 'provision' | 'delete';
  readonly namespace: string;
  readonly name: string;
  /** Whether the namespace's label comes, or goes, with it. */
  readonly enroll: boolean;
  /** The Gateway that comes, as YAML. */
  readonly manifest?: string;
  /** How it is in the cluster now, where that was looked at: files may be ahead of it. */
  readonly now?: { readonly hasGateway: boolean; readonly useWaypoint: string | null };
}

export interface WaypointImpactResult {
  /** ServiceEntries and Services whose path changes; `before` and `after` are `NAMESPACE/NAME`, `direct` or `unknown`. */
  readonly bindings: readonly { readonly at: Evidence; readonly before: string; readonly after: string }[];
  readonly calls: readonly {
    readonly from: string;
    readonly url: string;
    readonly before: CallOutcome;
    readonly after: CallOutcome;
  }[];
  /** There were too many to ask about all. */
  readonly isShort: boolean;
}

export interface CallOutcome {
  readonly verdict: TraceResult['verdict'];
  readonly via: string;
}

/** Runs the expectations of a `*.egress-test.yaml`: {@link RunTestsParams} → {@link RunTestsResult}, or {@link Unanswerable}. */
export const runTestsRequest = 'istioEgress/runTests';

export interface RunTestsParams {
  readonly uri: string;
}

export interface RunTestsResult {
  readonly tests: readonly TestResult[];
}

export interface TestResult {
  readonly name: string;
  /** Of the expectation, in the file. */
  readonly range: Evidence['range'];
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it failed; empty where it passed. */
  readonly message: string;
  readonly trace: TraceResult | null;
}
