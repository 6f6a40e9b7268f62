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
}

/** `initializationOptions`: the settings as they are at the start, so that the first findings need no second round. */
export interface InitializationOptions {
  readonly settings?: ClientSettings;
  /** Start of the URI under which the client shows rule pages, e.g. `istio-egress-rule:/`; `<rule>.md` follows. Absent: findings carry no link. */
  readonly rulePageBase?: string;
}

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
 * To a server in a browser's worker, which cannot read files: their texts. One {@link HandedFiles} is the very first message of the worker,
 * before the protocol begins; each later change comes as this notification, ahead of the standard one that tells of the change.
 */
export const handedFilesNotification = 'istioEgress/handedFiles';

export interface HandedFiles {
  /** `null`: the file is gone, or cannot be read. */
  readonly files: readonly { readonly uri: string; readonly text: string | null }[];
}
