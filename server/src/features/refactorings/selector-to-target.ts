// A policy that selects the pods of a gateway by label names the Gateway instead: waypoints read `targetRefs` only.
// istio@86c9f01 pilot/pkg/model/policyattachment.go ShouldAttachPolicy.
import type { Draft } from '../../engine/draft.ts';
import { gatewayName } from '../../model/label-names.ts';
import type { AnyResource } from '../../model/resource.ts';
import { mapIn, type Asked, type Refactoring } from './refactoring.ts';

/** Kinds with a `selector` that can name a Gateway instead. */
const kinds: ReadonlySet<string> = new Set(['AuthorizationPolicy', 'RequestAuthentication', 'Telemetry', 'WasmPlugin']);

export const selectorToTarget: Refactoring = {
  kind: 'refactor.rewrite',

  *offers(subject, asked) {
    const name = kinds.has(subject.written.kind) ? selectedGateway(subject, asked) : undefined;
    if (name !== undefined)
      yield {
        title: `Attach to Gateway ${name} by targetRefs instead of a selector`,
        perform: (draft) => attach(draft, subject, name),
      };
  },
};

/** The Gateway of the same namespace whose pods are selected, by no other label. */
function selectedGateway(subject: AnyResource, { mesh, plainOf }: Asked): string | undefined {
  const spec = mapIn(plainOf(subject), 'spec');
  const labels = mapIn(mapIn(spec, 'selector'), 'matchLabels');
  const name = labels[gatewayName];
  const isAlone = Object.keys(labels).length === 1 && Object.keys(mapIn(spec, 'selector')).length === 1;
  if (typeof name !== 'string' || !isAlone || Object.hasOwn(spec, 'targetRefs')) return undefined;
  return mesh.named('Gateway', subject.namespace, name).length > 0 ? name : undefined;
}

function attach(draft: Draft, subject: AnyResource, name: string): readonly string[] | undefined {
  const value = [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name }];
  const isDone = draft.apply([
    { op: 'rename-key', in: subject, path: ['spec', 'selector'], key: 'targetRefs' },
    { op: 'set', in: subject, path: ['spec', 'targetRefs'], value },
  ]);
  return isDone ? [] : undefined;
}
