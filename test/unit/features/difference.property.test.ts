// Over random meshes and single edits of them: the difference of two states is the difference of two whole tables of access.
// DIFFERENCE_MESHES=1000 tries that many; DIFFERENCE_SEED=7 others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '../../kit/fast-check.ts';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import { samePassage } from '../../../server/src/eval/access/passage.ts';
import { sameOperations, type AccessRow } from '../../../server/src/eval/access/row.ts';
import { accessChanges, type AccessChange } from '../../../server/src/features/difference/access-changes.ts';
import { meshFromYaml } from '../../kit/mesh-from-yaml.ts';
import { base, samples, type Profile, type Sample } from '../../oracle/generate.ts';
import type { Manifest } from '../../oracle/manifests.ts';
import { policies } from '../../oracle/policies.ts';
import { profiles } from '../../oracle/profiles/all.ts';
import { settingsOf } from '../../oracle/settings.ts';

const wanted = Number(process.env['DIFFERENCE_MESHES'] ?? 60);
const seed = Number(process.env['DIFFERENCE_SEED'] ?? 20261129);

interface Edit {
  readonly name: string;
  readonly before: Sides['mesh'];
  readonly after: Sides['mesh'];
}

type Sides = ReturnType<typeof meshFromYaml>;

/** Each resource taken away once, from each mesh. */
function* edits(): Generator<Edit> {
  const kinds: readonly Profile[] = [base, ...Object.values(profiles)];
  const rules = fc.sample(policies, { seed, numRuns: 100 });
  for (const [k, profile] of kinds.entries())
    for (const [i, sample] of samples(seed, Math.ceil(wanted / kinds.length), profile).entries()) {
      const whole = manifestsOf(sample, rules[i % rules.length]!);
      const settings = settingsOf(sample, profile);
      const meshOf = (manifests: readonly Manifest[]) =>
        meshFromYaml(manifests.map((one) => JSON.stringify(one)).join('\n---\n'), { settings }).mesh;
      const before = meshOf(whole);
      for (const at of [i % whole.length, (i * 7 + 3) % whole.length])
        yield { name: `profile ${k} mesh ${i} without ${at}`, before, after: meshOf(whole.toSpliced(at, 1)) };
    }
}

function manifestsOf(sample: Sample, rules: readonly Manifest[] | Manifest): readonly Manifest[] {
  return [...sample.manifests, ...(Array.isArray(rules) ? (rules as readonly Manifest[]) : [rules as Manifest])];
}

test('the difference is empty where the tables are equal, the reverse where both are exchanged, and nothing but it otherwise', () => {
  const seen = { edits: 0, opened: 0, closed: 0, changed: 0, empty: 0 };
  for (const { name, before, after } of edits()) {
    const { changes } = accessChanges(before, after);
    assert.deepEqual(accessChanges(before, before).changes, [], name);
    assert.deepEqual(
      accessChanges(after, before).changes.map(keyOf).sort(),
      changes.map(mirrored).map(keyOf).sort(),
      name,
    );
    const expected = changedPlaces(accessRows(before), accessRows(after));
    const told = new Set(changes.map(placeOf));
    for (const place of expected) assert.ok(told.has(place), `${name}: ${place} is not told`);
    for (const change of changes)
      assert.ok(isDifferent(change.before, change.after), `${name}: ${placeOf(change)} is the same`);
    seen.edits++;
    for (const { what } of changes) seen[what]++;
    if (changes.length === 0) seen.empty++;
  }
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 0, `no ${what} was met`);
});

/** Places with a row in both tables, of which the answer is another one. */
function changedPlaces(was: readonly AccessRow[], is: readonly AccessRow[]): readonly string[] {
  const rows = new Map(was.map((row) => [placeOf(row), row]));
  return is.flatMap((row) => {
    const old = rows.get(placeOf(row));
    return old && isDifferent(old, row) ? [placeOf(row)] : [];
  });
}

function isDifferent(a: AccessRow | undefined, b: AccessRow | undefined): boolean {
  const reached = [a, b].filter((row) => row !== undefined && row.access !== 'none');
  if (reached.length < 2) return reached.length === 1;
  return (
    a!.access !== b!.access ||
    a!.via !== b!.via ||
    !sameOperations(a!.operations, b!.operations) ||
    !samePassage(a!, b!)
  );
}

function placeOf({ from, host, port }: Pick<AccessChange, 'from' | 'host' | 'port'>): string {
  return JSON.stringify([from, host, port]);
}

const reverse = { opened: 'closed', closed: 'opened', changed: 'changed' } as const;

function mirrored(change: AccessChange): AccessChange {
  const { what, before, after, opened, closed } = change;
  return { ...change, what: reverse[what], before: after, after: before, opened: closed, closed: opened };
}

function keyOf({ from, host, port, what, opened, closed }: AccessChange): string {
  return JSON.stringify([
    from,
    host,
    port,
    what,
    opened.map(({ clause }) => clause.length),
    closed.map(({ clause }) => clause.length),
  ]);
}
