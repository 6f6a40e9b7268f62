// istio@86c9f01 pkg/config/validation/agent/validation.go ValidateLocalityLbSetting, ValidateZoneAwareLbSetting.
import { discouraged, refused, refusedKey, type Fault } from './combination-check.ts';
import { each, entries, field, has, number, text, type Place } from './field-place.ts';

const topology = ['region', 'zone', 'subzone'].map((name) =>
  name === 'subzone' ? 'topology.istio.io/subzone' : `topology.kubernetes.io/${name}`,
);

export function* localityFaults(balancer: Place, outlier: Place): Generator<Fault> {
  if (!balancer.node) return;
  for (const name of ['localityLbSetting', 'zoneAwareLbSetting'])
    yield* settingFaults(field(balancer, name), outlier, name === 'zoneAwareLbSetting');
}

function* settingFaults(setting: Place, outlier: Place, isZoneAware: boolean): Generator<Fault> {
  const [distribute, failover, priority] = ['distribute', 'failover', 'failoverPriority'].map((name) =>
    field(setting, name),
  ) as [Place, Place, Place];
  if (has(distribute) && has(failover)) {
    yield refusedKey(failover, 'Only one of `distribute` and `failover` may be set.');
    return;
  }
  const label = isZoneAware || has(failover) ? each(priority).find((item) => topology.includes(text(item))) : undefined;
  if (label)
    yield refused(
      label,
      `${text(label)} is not allowed here: ${isZoneAware ? 'zone-aware load balancing already uses regions and zones' : '`failover` already sets it'}.`,
    );
  if (!isZoneAware) yield* distributeFaults(distribute);
  yield* failoverFaults(failover, priority, outlier);
}

function* failoverFaults(failover: Place, priority: Place, outlier: Place): Generator<Fault> {
  if ((has(failover) || has(priority)) && !outlier.node)
    yield discouraged(
      has(failover) ? failover : priority,
      'Without `outlierDetection` no endpoint is detected as failing, so there is no failover.',
    );
  for (const one of each(failover)) {
    const [from, to] = [text(one, 'from'), text(one, 'to')];
    if (one.node?.kind !== 'map') continue;
    if (from === to) yield refusedKey(one, 'Failover must be from one region to another.');
    else if (/[/*]/.test(from + to))
      yield refused(
        field(one, /[/*]/.test(from) ? 'from' : 'to'),
        'Failover names regions only, without zones and without `*`.',
      );
  }
}

function* distributeFaults(distribute: Place): Generator<Fault> {
  const sources: { readonly text: string; readonly at: Place }[] = [];
  for (const one of each(distribute)) {
    if (one.node?.kind !== 'map') continue;
    const to = entries(field(one, 'to'));
    const weights = to.map(({ place }) => number(place) ?? 0);
    const bad = weights.findIndex((weight) => weight < 1 || weight > 100);
    if (bad >= 0) yield refused(to[bad]!.place, 'A weight is from 1 to 100.');
    else if (weights.reduce((sum, weight) => sum + weight, 0) !== 100)
      yield refusedKey(field(one, 'to'), 'The weights of a locality are 100 in all.');
    else
      yield* overlapFaults(
        to.map(({ key, place }) => ({ text: key, at: place })),
        true,
      );
    sources.push({ text: text(one, 'from'), at: field(one, 'from').node ? field(one, 'from') : one });
  }
  yield* overlapFaults(sources, false);
}

/** A list that is longer was not written by people, and comparing each with each would take minutes. */
const nearest = 1000;

/** validateLocalities: none lies in another, none has an empty part, `*` stands at the end. */
function* overlapFaults(
  list: readonly { readonly text: string; readonly at: Place }[],
  onKey: boolean,
): Generator<Fault> {
  const say = onKey ? refusedKey : refused;
  for (const [i, { text: locality, at }] of list.entries()) {
    if (/\*./.test(locality)) yield say(at, `In ${locality} the \`*\` is not at the end.`);
    else if (locality.split('/', 3).includes(''))
      yield say(at, 'A locality is written REGION/ZONE/SUBZONE, and no part is empty.');
    else if (
      list
        .slice(Math.max(0, i - nearest), i)
        .some((other) => localityContains(other.text, locality) || localityContains(locality, other.text))
    )
      yield say(at, `${locality} overlaps with another locality of this list.`);
  }
}

function localityContains(outer: string, inner: string): boolean {
  const parts = (locality: string) =>
    locality.split('/').filter((part, i, all) => !(part === '*' && i === all.length - 1));
  const [a, b] = [parts(outer), parts(inner)];
  return a.every((part, i) => part === b[i]);
}
