import { tlsOfRule } from '../../mesh/destination-rules/upstream-tls.ts';
import { bindWaypoint } from '../../mesh/binding/waypoint-binding.ts';
import { sidecarsCouldApply } from '../../mesh/clients/sidecar-rule-reach.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Resource } from '../../model/resource.ts';
import { bindingInputs } from '../shared/inputs.ts';
import { defineRule, type Fix } from '../rule.ts';
import { istioMutualBlocks } from './faults/faults-of-rule.ts';
import { narrowing, removing } from './repairs/remove-tls.ts';
import { plaintextToTlsPorts } from '../../mesh/hosts/target-ports.ts';
import { andMore } from '../../base/and-more.ts';

type Block = ReturnType<typeof istioMutualBlocks>[number];

export const istioMutualToExternal = defineRule({
  id: 'istio-mutual-to-external',
  stage: 'tls',
  summary: "The mesh's own mTLS (ISTIO_MUTUAL) is set for a host outside the mesh, so requests fail.",
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  isOfIstioWaypoints: true,
  inputs: [...bindingInputs],

  *check(rule, mesh) {
    for (const { tls, on, path } of istioMutualBlocks(mesh, rule)) {
      if (!isAppliedSomewhere(mesh, rule, on.entry)) continue;
      yield {
        at: tls.mode!.span,
        message: `Requests to ${on.host} fail because ISTIO_MUTUAL works only inside the mesh: the handshake of a sidecar fails, and a waypoint sends plaintext.`,
        related: [{ resource: on.entry, at: on.entry.at.name, message: `${on.host} is outside the mesh.` }],
        data: { path },
      };
    }
  },

  *fixes({ path }, rule, mesh) {
    const block = istioMutualBlocks(mesh, rule).find((other) => other.path.join() === path.join());
    if (block) yield repairOf(rule, block);
  },
});

/** A waypoint's selection, and what keeps a rule from it, is for `destination-rule-not-selected`. */
function isAppliedSomewhere(mesh: Mesh, rule: Resource<'DestinationRule'>, entry: Resource<'ServiceEntry'>): boolean {
  return bindWaypoint(mesh, entry).state !== 'unbound' || sidecarsCouldApply(mesh, rule, entry);
}

/** TLS only where it makes sense: on plaintext ports that lead to a TLS port. */
function repairOf(rule: Resource<'DestinationRule'>, block: Block): Fix {
  const { entry } = block.on;
  const isSubset = block.path[1] === 'subsets';
  const governed = entry.spec.ports.filter(
    ({ number }) => number && (isSubset || tlsOfRule(rule, number.value).tls === block.tls),
  );
  const wanting = plaintextToTlsPorts(entry).filter((port) => governed.includes(port));
  if (isSubset || (wanting.length > 0 && wanting.length === governed.length)) {
    return {
      title: 'Use SIMPLE',
      safety: 'safe',
      changes: [{ op: 'set', in: rule, path: [...block.path, 'mode'], value: 'SIMPLE' }],
    };
  }
  if (wanting.length === 0)
    return { title: 'Remove the TLS settings', safety: 'unsafe', changes: removing(rule, block) };
  const ports = wanting.map(({ number }) => number!.value);
  return {
    title: `Use SIMPLE only for port ${andMore(ports)}`,
    safety: 'safe',
    changes: narrowing(rule, ports, { mode: 'SIMPLE' }),
  };
}
