import type { FieldPath } from '../../base/field-path.ts';
import type { Field } from '../../model/field.ts';
import { isForgottenByIstio } from '../../model/istio-label-names.ts';
import { newestVersion } from '../../model/istio-releases.ts';
import { labelUses, swappedLabels, type LabelUse } from '../../model/label-uses.ts';
import { describe, type AnyResource, type Resource } from '../../model/resource.ts';
import { defineRule, type Change, type IsReported, type RuleFinding } from '../rule.ts';
import { metadataOf, placesOf, type Place } from '../shared/pod-metadata.ts';
import { useMeantBy, valueFault } from './label-slips.ts';

type Subject =
  | 'Namespace'
  | 'Service'
  | 'ServiceEntry'
  | 'WorkloadEntry'
  | 'Pod'
  | 'Workload'
  | 'Gateway'
  | 'GatewayClass'
  | 'AuthorizationPolicy';
type Labelled = AnyResource<Subject>;

interface Data {
  readonly case: 'name' | 'place' | 'value' | 'template' | 'unknown';
  readonly in: Place;
  readonly key: string;
  /** The intended name, value and place; undefined if none is likely. */
  readonly meant: { readonly key: string; readonly value: string; readonly in: Place } | undefined;
}

interface Written {
  readonly object: Labelled;
  readonly in: Place;
  readonly key: string;
  readonly field: Field<string>;
}

export const mistypedLabel = defineRule<Subject, Data>({
  id: 'mistyped-label',
  stage: 'reference',
  summary: "A label or annotation has no effect: its name, value or place is nearly one of Istio's.",
  severity: 'warning',
  since: '0.2.0',
  subjects: [
    'Namespace',
    'Service',
    'ServiceEntry',
    'WorkloadEntry',
    'Pod',
    'Workload',
    'Gateway',
    'GatewayClass',
    'AuthorizationPolicy',
  ],
  inputs: ['Gateway', 'GatewayClass', 'Namespace', 'ServiceEntry', 'Service'],

  *check(object: Labelled, _mesh, isReported): Iterable<RuleFinding<Data>> {
    const uses = labelUses.filter(({ kinds }) => kinds.includes(object.kind));
    for (const place of ['labels', 'annotations'] as const) {
      for (const [key, field] of placesOf(object)[place]) {
        const written = { object, in: place, key, field };
        const use = uses.find(({ name }) => name === key);
        yield* use ? knownName(written, use, isReported) : unknownName(written, uses);
        yield* swapped(written);
      }
      if (object.kind === 'Workload') yield* outsideTemplate(object, place, uses);
    }
  },

  *fixes({ case: fault, in: place, key, meant }, object) {
    if (!meant) return;
    const path = [...metadataOf(object), place, key];
    if (fault === 'name') {
      yield {
        title: `Replace with ${meant.key}${meant.in === place ? '' : ` as ${articles[meant.in]}`}`,
        safety: 'unsafe',
        changes: moved(object, path, meant),
      };
    } else if (fault === 'template') {
      yield {
        title: 'Move to the pod template',
        safety: 'unsafe',
        changes: moved(object, ['metadata', place, key], meant),
      };
    } else if (fault === 'place') {
      yield { title: `Convert to ${articles[meant.in]}`, safety: 'unsafe', changes: moved(object, path, meant) };
    } else {
      yield {
        title: `Change the value to ${meant.value}`,
        safety: 'unsafe',
        changes: [{ op: 'set', in: object, path, value: meant.value }],
      };
    }
  },
});

const articles: Readonly<Record<Place, string>> = { labels: 'a label', annotations: 'an annotation' };
const singulars: Readonly<Record<Place, string>> = { labels: 'label', annotations: 'annotation' };

function* unknownName(written: Written, uses: readonly LabelUse[]): Iterable<RuleFinding<Data>> {
  const { object, key, field } = written;
  const use = useMeantBy(key, uses);
  if (!use) {
    yield* forgottenName(written);
    return;
  }
  const meant = meantBy(written, use);
  // With the right name beside it, the wrong one does no harm.
  if (placesOf(object)[meant.in].has(use.name)) return;
  yield {
    at: field.key,
    message: `The ${singulars[written.in]} ${key} has no effect on ${describe(object)}: Istio does not know this name, and the most similar one is ${use.name}.`,
    data: { case: 'name', in: written.in, key, meant },
  };
}

/** Objects of egress alone: pods and Services have labels that other programs of Istio's set. */
const ofEgress: readonly string[] = ['ServiceEntry', 'Gateway', 'GatewayClass', 'AuthorizationPolicy'];

function* forgottenName({ object, in: place, key, field }: Written): Iterable<RuleFinding<Data>> {
  if (!ofEgress.includes(object.kind) || !isForgottenByIstio(key)) return;
  yield {
    at: field.key,
    severity: 'information',
    message: `The ${singulars[place]} ${key} probably has no effect on ${describe(object)}: no release of Istio up to ${newestVersion} that this tool knows reads it.`,
    data: { case: 'unknown', in: place, key, meant: undefined },
  };
}

function* knownName(written: Written, use: LabelUse, isReported: IsReported): Iterable<RuleFinding<Data>> {
  const { object, key, field } = written;
  const meant = meantBy(written, use);
  if (meant.in !== written.in) {
    if (placesOf(object)[meant.in].has(key) || isReported(object, ['use-waypoint-misplaced'])) return;
    yield {
      at: field.key,
      message: `The ${singulars[written.in]} ${key} has no effect on ${describe(object)}: Istio reads only the ${singulars[meant.in]} of this name.`,
      data: { case: 'place', in: written.in, key, meant },
    };
    return;
  }
  const fault = use.values && !isBooleanWord(field) && valueFault(use.values, field.value);
  if (!use.values || !fault || isReported(object, ['waypoint-ignores-services'])) return;
  yield {
    at: field.span,
    message: `The ${singulars[written.in]} ${key} has no effect on ${describe(object)}: "${field.value}" is not one of the valid values ${use.values.valid.join(', ')}.`,
    data: { case: 'value', in: written.in, key, meant: fault.value === undefined ? undefined : meant },
  };
}

/** A label of namespaces on a pod, or the reverse. */
function* swapped({ object, in: place, key, field }: Written): Iterable<RuleFinding<Data>> {
  const swap = swappedLabels.find(({ name, kinds }) => name === key && kinds.includes(object.kind));
  if (!swap || placesOf(object).labels.has(swap.instead)) return;
  const value = swap.values.get(field.value);
  yield {
    at: field.key,
    message: `The ${singulars[place]} ${key} has no effect on ${describe(object)}: Istio reads ${swap.instead} there.`,
    data: {
      case: 'name',
      in: place,
      key,
      meant: value === undefined ? undefined : { key: swap.instead, value, in: 'labels' },
    },
  };
}

/** The labels of a Deployment are not those of its pods. */
function* outsideTemplate(
  object: Resource<'Workload'>,
  place: Place,
  uses: readonly LabelUse[],
): Iterable<RuleFinding<Data>> {
  for (const [key, field] of object[place]) {
    const use = uses.find(({ name, kinds }) => name === key && !kinds.includes('Namespace'));
    if (!use) continue;
    const written = { object, in: place, key, field };
    const meant = meantBy(written, use);
    if (meant.in !== place || object.spec.labels.has(key) || object.spec.annotations.has(key)) continue;
    yield {
      at: field.key,
      message: `The ${singulars[place]} ${key} has no effect on the pods of ${describe(object)}: Istio reads it only from the pod template.`,
      data: { case: 'template', in: place, key, meant },
    };
  }
}

/** Without quotes kubectl reads these words as booleans, which `invalid-type` reports. */
function isBooleanWord({ value, span }: Field<string>): boolean {
  return span.end - span.start === value.length && /^(y|yes|n|no|on|off)$/i.test(value);
}

function meantBy({ in: written, field }: Written, { name, place, values }: LabelUse): NonNullable<Data['meant']> {
  const fixed = values && valueFault(values, field.value)?.value;
  return { key: name, value: fixed ?? field.value, in: inPlace(place, written) };
}

function inPlace(place: LabelUse['place'], written: Place): Place {
  if (place === 'either') return written;
  return place === 'label' ? 'labels' : 'annotations';
}

function moved(object: Labelled, from: FieldPath, meant: NonNullable<Data['meant']>): readonly Change[] {
  const to = [...metadataOf(object), meant.in, meant.key];
  return [
    { op: 'remove', in: object, path: from },
    { op: 'set', in: object, path: to, value: meant.value },
  ];
}
