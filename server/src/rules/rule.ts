// The contract of a rule: one fault, called once for each subject. Detection, messages and fixes are separate.
import type { Span } from '../base/span.ts';
import type { Kind } from '../model/kinds.ts';
import type { AnyResource, DocumentId, Resource } from '../model/resource.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { EditOperation, FieldOperation } from '../yaml/edit-operation.ts';
import type { YamlDocument } from '../yaml/node.ts';
import type { Plain } from '../yaml/plain.ts';
import { bindingInputs } from './shared/inputs.ts';
import { isAtOtherProxies } from './shared/other-proxies.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** The stages of a request and the other groups of rules: the names of the folders under `rules/`. */
export type Stage =
  | 'schema'
  | 'reference'
  | 'capture'
  | 'waypoint'
  | 'route'
  | 'tls'
  | 'authorization'
  | 'telemetry'
  | 'leak'
  | 'trace'
  | 'hygiene';

export interface RuleInfo {
  /** Kebab-case noun phrase of the fault; never used again for another one. */
  readonly id: string;
  readonly stage: Stage;
  /** One sentence with a full stop. */
  readonly summary: string;
  readonly severity: Severity;
  /** Version of this product that brought it. */
  readonly since: string;
  /** What other tools call the same fault, e.g. `IST0174`, `KIA1211`. */
  readonly peers?: readonly string[];
}

/** What a rule says of its subject. Spans count from the start of the subject's document. */
export interface RuleFinding<D = unknown> {
  /** The smallest node that a user would edit. */
  readonly at: Span;
  /** One sentence: what is wrong, with the values. */
  readonly message: string;
  readonly related?: readonly Related[];
  /** What the fixes need, small and plain: it survives JSON. */
  readonly data: D;
  /** Where the severity depends on the case; otherwise the rule's own. */
  readonly severity?: Severity;
  /** Where it stands, if not in the subject: `at` is a span of its document. Such findings have no fixes. */
  readonly in?: AnyResource;
}

/** Whether one of these rules has a finding on that resource. A derived fact that asks gives its own view of the mesh. */
export type IsReported = (resource: AnyResource, rules: readonly string[], view?: Mesh) => boolean;

export interface Related {
  readonly resource: Pick<Resource, 'document' | 'uri'>;
  readonly at: Span;
  readonly message: string;
}

export interface Rule<S extends Kind = Kind, D = unknown> extends RuleInfo {
  readonly subjects: readonly S[];
  /** The kinds it may read besides its subject; a test holds it to them. */
  readonly inputs: readonly Kind[];
  /** It says what Istio's own waypoints do: no finding where all waypoints of the subject are another vendor's. */
  readonly isOfIstioWaypoints?: true;
  /** `isReported` is for rules that leave a cause to a more specific one. `undefined` is a step of a rule that judges thousands: other work may come between. */
  readonly check: (subject: AnyResource<S>, mesh: Mesh, isReported: IsReported) => Iterable<RuleFinding<D> | undefined>;
  /** First is preferred. `subject` is the resource as it is now. */
  readonly fixes?: (data: D, subject: AnyResource<S>, mesh: Mesh) => Iterable<Fix>;
}

/** A rule about one document (syntax, schema): found while the document is read, so it has no `check`. */
export interface DocumentRule<D = unknown> extends RuleInfo {
  readonly fixes?: (data: D, document: DocumentView) => Iterable<Fix>;
}

/** A document as fixes of document rules see it. */
export interface DocumentView {
  readonly uri: string;
  readonly document: DocumentId;
  readonly text: string;
  readonly tree: YamlDocument;
  /** The finding's place in the text. */
  readonly at: Span;
  /** The target release. */
  readonly istioVersion: string;
}

export type Safety = 'safe' | 'unsafe';

export interface Fix {
  /** An imperative: what applying it does. */
  readonly title: string;
  /** `safe` changes nothing but the fault; fix-all applies only safe fixes. */
  readonly safety: Safety;
  readonly changes: readonly Change[];
}

/** What a fix writes. */
export type { Plain };

type In = Pick<Resource, 'uri' | 'document' | 'listIndex'>;

/**
 * One step of a fix, by field and never by text: `yaml/edit.ts` turns it into text that keeps the file's comments,
 * order, indentation and quoting.
 */
export type Change =
  | (FieldOperation & { readonly in: In })
  | (Operation<'remove-document'> & { readonly in: In })
  /** Its place is behind the document of `after`. */
  | (Operation<'append-document'> & { readonly after: In })
  /** For document rules only, where there is no field to name. */
  | (Operation<'replace-text'> & { readonly in: Pick<In, 'uri' | 'document'> })
  /** Adds a file beside that of `beside`; a free name is found when it exists. */
  | { readonly op: 'create-file'; readonly beside: In; readonly fileName: string; readonly manifest: Plain };

type Operation<Op extends EditOperation['op']> = Extract<EditOperation, { readonly op: Op }>;

/** Types a rule; the stored form forgets the kinds, as the registry holds rules of all of them. */
export function defineRule<const S extends Kind, D>(rule: Rule<S, D>): Rule<S, D> {
  if (!rule.isOfIstioWaypoints) return rule;
  return {
    ...rule,
    inputs: [...new Set([...rule.inputs, ...bindingInputs])],
    *check(subject, mesh, isReported) {
      for (const finding of rule.check(subject, mesh, isReported)) {
        if (finding && isAtOtherProxies(mesh, subject as AnyResource)) return;
        yield finding;
      }
    },
  };
}

export function defineDocumentRule<D>(rule: DocumentRule<D>): DocumentRule<D> {
  return rule;
}
