// Where the labels and annotations stand that count for Istio: on the object itself, or in the template of what creates pods.
import type { FieldPath } from '../../base/field-path.ts';
import type { Field } from '../../model/field.ts';
import type { AnyResource } from '../../model/resource.ts';

export type Place = 'labels' | 'annotations';

type Fields = ReadonlyMap<string, Field<string>>;

export function placesOf(object: AnyResource): Readonly<Record<Place, Fields>> {
  return object.kind === 'Workload' ? object.spec : object;
}

/** The path of that metadata. */
export function metadataOf(object: AnyResource): FieldPath {
  if (object.kind !== 'Workload') return ['metadata'];
  return object.written.kind === 'CronJob'
    ? ['spec', 'jobTemplate', 'spec', 'template', 'metadata']
    : ['spec', 'template', 'metadata'];
}
