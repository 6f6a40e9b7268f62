// What a client says of its settings and of itself.

/** The section of `workspace/configuration` and `didChangeConfiguration`. */
export const configurationSection = 'istioEgress';

/** The settings of a client under `istioEgress`; a client that has no settings sends none, and each absent field means its default. */
export interface ClientSettings {
  /** Minor version such as `1.31`; empty means the folder's configuration decides, else the newest supported. */
  readonly istioVersion?: string;
  /** By rule id. */
  readonly severities?: Readonly<Record<string, 'error' | 'warning' | 'information' | 'hint' | 'off'>>;
  /** Kinds that the folder fully covers; `null` means the default. */
  readonly completeKinds?: readonly string[] | null;
  /** The namespace of manifests that name none. */
  readonly defaultNamespace?: string;
  /** Lines of computed facts above resources; on unless switched off. */
  readonly codeLens?: { readonly enabled: boolean };
  /** What leaves behind a port; on unless switched off. */
  readonly inlayHints?: { readonly enabled: boolean };
  /** Whether helm and kustomize are run in a trusted workspace; on unless switched off. */
  readonly render?: { readonly enabled: boolean };
  /** `off` leaves to another server what a schema says of the structure; `auto` is a client's that knows of the other one, and here `on`. */
  readonly schemaChecks?: 'auto' | 'on' | 'off';
}

/** `initializationOptions`: the settings as they are at the start, so that the first findings need no second round. */
export interface InitializationOptions {
  readonly settings?: ClientSettings;
  /** The user trusts the workspace, so that programs may be run on its files. */
  readonly trusted?: boolean;
  /** Start of the URI under which the client shows rule pages, e.g. `istio-egress-rule:/`; `<rule>.md` follows. Absent: findings carry no link. */
  readonly rulePageBase?: string;
  /** The client wants `istioEgress/changed`. */
  readonly tellsChanges?: boolean;
  /** The client has VS Code's command `editor.action.triggerSuggest`: completion items that leave a choice open run it. */
  readonly suggestsAgain?: boolean;
}
