// From what rules said to what users see: places in the file, severities of the settings, suppressions, order.
import type { Position } from '../base/line-index.ts';
import { withoutMiddle } from '../base/without-middle.ts';
import { visibleLine } from '../base/visible.ts';
import type { Span } from '../base/span.ts';
import type { AnyResource, DocumentId } from '../model/resource.ts';
import type { DocumentRule, Rule, RuleFinding } from '../rules/rule.ts';
import { requirementRules } from '../rules/requirements.ts';
import type { DocumentRecord } from './document.ts';
import type { Finding } from './finding.ts';
import { firstOf } from './most-findings.ts';
import { inOrder, withoutCopies, type Raw } from './order-of-findings.ts';
import type { SeveritySetting } from './settings.ts';
import { suppresses, suppressionsByRule, type Suppression } from './suppressions.ts';

export interface SubjectFinding {
  readonly rule: Rule;
  readonly finding: RuleFinding;
  readonly subject: AnyResource;
}

export interface Placed {
  readonly uri: string;
  readonly span: Span;
  readonly range: { readonly start: Position; readonly end: Position };
}

export interface AssembleContext {
  readonly rules: { readonly rules: readonly Rule[]; readonly documentRules: readonly DocumentRule[] };
  /** What is set for a rule in the document's file. */
  readonly levelOf: (rule: string) => SeveritySetting | undefined;
  readonly place: (document: DocumentId, at: Span) => Placed | undefined;
}

/** The findings of one document, in order of place, then of rule. */
export function assemble(
  record: DocumentRecord,
  found: readonly SubjectFinding[],
  context: AssembleContext,
): Finding[] {
  const { open, used } = bySuppression(record, found, context);
  return inOrder([...open, ...firstOf('unused-suppression', unusedSuppressions(record, used, context))]).flatMap(
    (finding) => toFinding(finding, record, context),
  );
}

/**
 * Those that a document has by itself, whatever other files hold: while these are unread. Whether a comment has an effect cannot be
 * said yet.
 */
export function assembleOwn(
  record: DocumentRecord,
  _found: readonly SubjectFinding[],
  context: AssembleContext,
): Finding[] {
  return inOrder(bySuppression(record, [], context).open).flatMap((finding) => toFinding(finding, record, context));
}

/** A finding that users do not see, by what hides it. */
export interface IgnoredFinding {
  readonly rule: string;
  /** A comment beside it, or the severity `off`. */
  readonly by: 'comment' | 'severity';
}

export function ignoredFindings(
  record: DocumentRecord,
  found: readonly SubjectFinding[],
  context: AssembleContext,
): readonly IgnoredFinding[] {
  const { open, closed } = bySuppression(record, found, context);
  const isOff = ({ info }: Raw) => context.levelOf(info.id) === 'off';
  return [
    ...closed.filter((finding) => !isOff(finding)).map(({ info }) => ({ rule: info.id, by: 'comment' as const })),
    ...[...open, ...closed].filter(isOff).map(({ info }) => ({ rule: info.id, by: 'severity' as const })),
  ];
}

function bySuppression(record: DocumentRecord, found: readonly SubjectFinding[], context: AssembleContext) {
  const raw = withoutCopies([...localFindings(record, context), ...found.map(fromSubject)], context.place);
  const used = new Set<Suppression>();
  const [open, closed]: [Raw[], Raw[]] = [[], []];
  const byRule = suppressionsByRule(record.suppressions);
  for (const finding of raw) {
    const { info, at } = finding;
    const by = (byRule.get(info.id) ?? []).filter((suppression) => suppresses(suppression, info.id, at));
    for (const suppression of by) used.add(suppression);
    (by.length === 0 ? open : closed).push(finding);
  }
  return { open, closed, used };
}

function fromSubject({ rule, finding, subject }: SubjectFinding): Raw {
  return {
    info: rule,
    at: finding.at,
    message: finding.message,
    data: finding.data,
    own: finding.severity,
    related: finding.related,
    resource: finding.in ?? subject,
  };
}

function localFindings(record: DocumentRecord, context: AssembleContext): Raw[] {
  return record.local.flatMap(({ rule, at, message, data, severity, resource }) => {
    const info = context.rules.documentRules.find(({ id }) => id === rule);
    return info ? [{ info, at, message, data, own: severity, related: undefined, resource }] : [];
  });
}

function unusedSuppressions(record: DocumentRecord, used: ReadonlySet<Suppression>, context: AssembleContext): Raw[] {
  const info = context.rules.documentRules.find(({ id }) => id === 'unused-suppression');
  if (!info) return [];
  return record.suppressions.flatMap((suppression) => {
    const message = complaint(suppression, used.has(suppression), context);
    return message === undefined
      ? []
      : [
          {
            info,
            at: suppression.span,
            message,
            data: { used: used.has(suppression) },
            own: undefined,
            related: undefined,
            resource: undefined,
          },
        ];
  });
}

function complaint(suppression: Suppression, used: boolean, context: AssembleContext): string | undefined {
  const known = [...context.rules.rules, ...context.rules.documentRules];
  const unknown = suppression.rules.find((rule) => !known.some(({ id }) => id === rule));
  if (suppression.rules.length === 0)
    return 'This comment names no rule: write it as istio-egress-ignore RULE: REASON.';
  if (requirementRules.some(({ id }) => id === unknown))
    return `A comment makes no exception from ${unknown}: the settings file does.`;
  if (unknown !== undefined) return `There is no rule "${unknown}".`;
  if (!used && suppression.rules.some((rule) => context.levelOf(rule) === 'off')) return undefined;
  if (!used) return `This comment has no effect: ${suppression.rules.join(', ')} reports nothing here, so remove it.`;
  return suppression.reason === ''
    ? 'This suppression has no reason: write it as istio-egress-ignore RULE: REASON.'
    : undefined;
}

function toFinding(raw: Raw, record: DocumentRecord, context: AssembleContext): Finding[] {
  const severity = context.levelOf(raw.info.id) ?? raw.own ?? raw.info.severity;
  const placed = context.place(record.id, raw.at);
  if (severity === 'off' || !placed) return [];
  const related = (raw.related ?? []).flatMap(({ resource, at, message }) => {
    const there = context.place(resource.document, at);
    return there ? [{ ...there, message: visibleLine(withoutMiddle(message)) }] : [];
  });
  const { resource } = raw;
  return [
    {
      rule: raw.info.id,
      severity,
      message: visibleLine(withoutMiddle(raw.message)),
      ...placed,
      document: record.id,
      related,
      data: raw.data,
      resource: resource && {
        id: resource.id,
        kind: resource.written.kind,
        namespace: resource.namespace,
        name: resource.name,
      },
    },
  ];
}
