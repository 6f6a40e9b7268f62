// Two DestinationRules of one host made into one, where that loses nothing.
import { samePolicy, sameTls } from '../../../mesh/destination-rules/client-tls.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import type { ClientTls } from '../../../model/specs.ts';
import type { Change, Fix } from '../../rule.ts';
import { copyOf } from './origination.ts';

type Rule = Resource<'DestinationRule'>;

/** Whether it makes no difference which of them counts. */
export function saysTheSame(a: Rule, b: Rule): boolean {
  return isTlsOnly(a) && isTlsOnly(b) && samePolicy(a, b);
}

/** Into the first, else into the second, else none. */
export function* mergeRepairs(a: Rule, b: Rule): Iterable<Fix> {
  if (saysTheSame(a, b)) {
    yield {
      title: `Remove ${describe(b)}, which is identical`,
      safety: 'safe',
      changes: [{ op: 'remove-document', in: b }],
    };
    return;
  }
  for (const [into, from] of [
    [a, b],
    [b, a],
  ] as const) {
    const fix = sameExport(into, from) ? mergeInto(into, from) : undefined;
    if (!fix) continue;
    yield fix;
    return;
  }
}

/** Undefined where a setting of one contradicts the other's or cannot be carried over. */
export function mergeInto(into: Rule, from: Rule): Fix | undefined {
  const changes = merging(into, from);
  return (
    changes && {
      title: `Merge ${describe(from)} into ${describe(into)}`,
      // Settings that Istio does not use today come into effect.
      safety: 'unsafe',
      changes: [...changes, { op: 'remove-document', in: from }],
    }
  );
}

function merging(into: Rule, from: Rule): readonly Change[] | undefined {
  if (!isTlsOnly(from)) return undefined;
  const policy = into.spec.trafficPolicy;
  const path = ['spec', 'trafficPolicy'];
  const top = carried(from.spec.trafficPolicy?.tls, policy?.tls, (tls) => ({
    op: 'set',
    in: into,
    path: [...path, 'tls'],
    value: copyOf(tls),
  }));
  const byPort = (from.spec.trafficPolicy?.portLevelSettings ?? []).map(({ port, tls }) => {
    const own = policy?.portLevelSettings.find((other) => other.port?.value === port?.value);
    return carried(tls, own?.tls, (value) =>
      own
        ? { op: 'set', in: into, path: [...path, 'portLevelSettings', own.index, 'tls'], value: copyOf(value) }
        : {
            op: 'append',
            in: into,
            path: [...path, 'portLevelSettings'],
            value: { port: { number: port?.value ?? 0 }, tls: copyOf(value) },
          },
    );
  });
  const all = [top, ...byPort];
  return all.includes('contradiction') ? undefined : all.filter((change) => change !== 'contradiction').flat();
}

function carried(
  from: ClientTls | undefined,
  into: ClientTls | undefined,
  change: (tls: ClientTls) => Change,
): readonly Change[] | 'contradiction' {
  if (!from) return [];
  if (into) return sameTls(from, into) ? [] : 'contradiction';
  return [change(from)];
}

/** All that a rule says can be carried over: of other settings only their names are known. */
function isTlsOnly({ spec: { trafficPolicy, subsets } }: Rule): boolean {
  return (
    subsets.length === 0 &&
    (trafficPolicy?.otherFields.length ?? 0) === 0 &&
    (trafficPolicy?.portLevelSettings ?? []).every(
      ({ otherFields, tls, port }) => otherFields.length === 0 && tls && port,
    )
  );
}

function sameExport(a: Rule, b: Rule): boolean {
  const values = (rule: Rule) =>
    (rule.spec.exportTo ?? [])
      .map(({ value }) => value)
      .sort()
      .join();
  return values(a) === values(b);
}
