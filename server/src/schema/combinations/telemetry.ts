// istio@86c9f01 pkg/config/validation/validation.go ValidateTelemetry and below.
import { discouraged, refused, refusedKey, type Check, type Fault, type Subject } from './combination-check.ts';
import { targetsOf } from './common.ts';
import { each, entries, field, has, isText, number, text, type Place } from './field-place.ts';

export const telemetryChecks: readonly Check[] = [targetsOf, providers, filters, tracing, overrides];

function* providers({ spec }: Subject): Generator<Fault> {
  const items = ['accessLogging', 'metrics', 'tracing'].flatMap((section) => each(spec, section));
  for (const provider of items.flatMap((item) => each(item, 'providers'))) {
    const { node } = provider;
    if (node?.kind === 'map' && !has(provider, 'name')) yield refusedKey(provider, 'A provider needs a `name`.');
  }
}

function* filters({ spec }: Subject): Generator<Fault> {
  for (const filter of each(spec, 'accessLogging').map((item) => field(item, 'filter'))) {
    const expression = field(filter, 'expression');
    if (filter.node?.kind === 'map' && text(expression).trim() === '' && (!expression.node || isText(expression)))
      yield refusedKey(expression.node ? expression : filter, 'A filter needs an `expression`.');
    else if (isText(expression) && isUnfinished(text(expression)))
      yield refused(expression, 'This is not a valid CEL expression: it is incomplete.');
  }
}

/** Certain errors in CEL: an operator at the end, or a bracket that is not closed. Other errors are not detected. */
function isUnfinished(expression: string): boolean {
  const bare = expression.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '0');
  const open = (bracket: RegExp) => (bare.match(bracket) ?? []).length;
  return (
    /(?:[=!<>]=|&&|\|\||[<>+\-*/%?:.,!({[])\s*$/.test(bare) ||
    open(/\(/g) !== open(/\)/g) ||
    open(/\[/g) !== open(/\]/g)
  );
}

function* tracing({ spec }: Subject): Generator<Fault> {
  const [, second] = each(spec, 'tracing');
  if (second) yield discouraged(second, 'Only the first entry of `tracing` is used.');
  for (const item of each(spec, 'tracing')) {
    const [, other] = each(item, 'providers');
    if (other) yield discouraged(other, 'Only the first tracing provider is used.');
    const share = number(item, 'randomSamplingPercentage');
    if (share !== undefined && (share < 0 || share > 100))
      yield refused(field(item, 'randomSamplingPercentage'), 'The sampling rate must be a percentage from 0 to 100.');
    for (const { key, place } of entries(field(item, 'customTags'))) yield* tagFaults(key, place);
  }
}

const tagSources: Readonly<Record<string, string>> = { literal: 'value', environment: 'name', header: 'name' };

function* tagFaults(name: string, tag: Place): Generator<Fault> {
  if (tag.node?.kind !== 'map') return;
  const set = entries(tag).filter(({ place }) => place.node);
  if (set.length > 1)
    yield refusedKey(set[1]!.place, `The tag ${name} must have only one source; \`${set[0]!.key}\` is set too.`);
  for (const { key, place } of set) {
    const needed = tagSources[key];
    if (needed !== undefined && !has(place, needed))
      yield refusedKey(place, `The tag ${name} needs \`${key}.${needed}\`.`);
  }
}

function* overrides({ spec }: Subject): Generator<Fault> {
  for (const override of each(spec, 'metrics').flatMap((item) => each(item, 'overrides'))) {
    const match = field(override, 'match');
    if (has(match, 'metric') && has(match, 'customMetric'))
      yield refusedKey(field(match, 'customMetric'), 'Only one of `metric` and `customMetric` may be set.');
    for (const { key, place } of entries(field(override, 'tagOverrides'))) {
      if (place.node?.kind !== 'map') continue;
      const isRemoved = text(place, 'operation') === 'REMOVE';
      if (isRemoved && field(place, 'value').node)
        yield refusedKey(field(place, 'value'), `The tag ${key} is removed, so it must not have a \`value\`.`);
      if (!isRemoved && !has(place, 'value')) yield refusedKey(place, `The tag ${key} needs a \`value\`.`);
    }
  }
}
