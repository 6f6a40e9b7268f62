// Which init containers of a pod make their connections before its sidecar is there to take them.
// server/docs/istio-semantics-classic.md §A.12; istio@86c9f01 pkg/kube/inject/webhook.go reorderPod, inject.go injectPod.
import { nativeSidecar } from '../../model/label-names.ts';
import type { Field } from '../../model/field.ts';
import type { Workload } from './data-plane.ts';

export interface BeforeSidecar {
  readonly containers: readonly [Field<string>, ...Field<string>[]];
  /** Unless the sidecar is a native one, which the versions of Istio and Kubernetes decide. */
  readonly isSure: boolean;
}

/** Undefined for a pod without init containers, or whose annotation asks for a native sidecar: that starts first. */
export function beforeSidecar({ spec }: Workload): BeforeSidecar | undefined {
  const asked = spec.annotations.get(nativeSidecar)?.value;
  const [first, ...others] = spec.initContainers.filter(({ value }) => !value.startsWith('istio-'));
  return first && asked !== 'true' ? { containers: [first, ...others], isSure: asked === 'false' } : undefined;
}
