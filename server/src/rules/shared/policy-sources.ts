// The workloads that a policy names, wherever it names them.
import type { FieldPath } from '../../base/field-path.ts';
import type { Field } from '../../model/field.ts';
import type { Resource } from '../../model/resource.ts';

export interface NamedSource {
  readonly field: Field<string>;
  readonly path: FieldPath;
  readonly namespace: string;
  /** Undefined where the whole namespace is named. */
  readonly account: string | undefined;
  /** The value as it would be with another namespace or account. */
  readonly rewrite: (part: { readonly namespace?: string; readonly account?: string }) => string;
}

const conditionFields: Readonly<Record<string, string>> = {
  'source.namespace': 'namespaces',
  'source.principal': 'principals',
  'source.serviceAccount': 'serviceAccounts',
};

/**
 * Sources that are named in full. Patterns are left out, and accounts without a namespace, which are the policy's own.
 * istio@86c9f01 pilot/pkg/security/authz/model/generator.go srcNamespaceGenerator, srcServiceAccountGenerator, srcPrincipalGenerator.
 */
export function* sourcesOf(policy: Resource<'AuthorizationPolicy'>): Generator<NamedSource> {
  for (const { kind, field, path } of valuesOf(policy)) {
    if (field.value.includes('*') || field.value === '') continue;
    const source = readSource(
      kind.replace(/^not./, (start) => start.at(-1)!.toLowerCase()),
      field,
      path,
    );
    if (source) yield source;
  }
}

/** Namespaces that are named by their beginning or end. */
export function* namespacePatternsOf(policy: Resource<'AuthorizationPolicy'>): Generator<Field<string>> {
  for (const { kind, field } of valuesOf(policy)) {
    const isPattern = /^\*[^*]+$|^[^*]+\*$/.test(field.value);
    if (isPattern && (kind === 'namespaces' || kind === 'notNamespaces')) yield field;
  }
}

interface Value {
  readonly kind: string;
  readonly field: Field<string>;
  readonly path: FieldPath;
}

function* valuesOf({ spec }: Resource<'AuthorizationPolicy'>): Generator<Value> {
  for (const [i, { from, when }] of (spec.rules ?? []).entries()) {
    for (const [j, { fields }] of from.entries()) {
      for (const { name, values } of fields) {
        for (const [k, field] of values.entries())
          yield { kind: name, field, path: ['spec', 'rules', i, 'from', j, 'source', name, k] };
      }
    }
    for (const [j, { key, values, notValues }] of when.entries()) {
      const kind = conditionFields[key?.value ?? ''];
      if (kind === undefined) continue;
      for (const [k, field] of values.entries())
        yield { kind, field, path: ['spec', 'rules', i, 'when', j, 'values', k] };
      for (const [k, field] of notValues.entries())
        yield { kind, field, path: ['spec', 'rules', i, 'when', j, 'notValues', k] };
    }
  }
}

const accountForms: Readonly<Record<string, RegExp>> = {
  serviceAccounts: /^()([^/]+)(\/)([^/]+)$/,
  principals: /^([^/]+\/ns\/)([^/]+)(\/sa\/)([^/]+)$/,
};

function readSource(kind: string, field: Field<string>, path: FieldPath): NamedSource | undefined {
  if (kind === 'namespaces') {
    const namespace = field.value;
    return { field, path, namespace, account: undefined, rewrite: (part) => part.namespace ?? namespace };
  }
  const form = Object.hasOwn(accountForms, kind) ? accountForms[kind] : undefined;
  const [, head, namespace, between, account] = form?.exec(field.value) ?? [];
  if (namespace === undefined || account === undefined) return undefined;
  return {
    field,
    path,
    namespace,
    account,
    rewrite: (part) => `${head}${part.namespace ?? namespace}${between}${part.account ?? account}`,
  };
}
