import { nearestIstioClass } from '../../mesh/binding/gateway-class.ts';
import { notModelledClass } from '../../mesh/binding/not-modelled.ts';
import { defineRule, type RuleFinding } from '../rule.ts';
import { listOf, relatedTo } from '../shared/resource-lists.ts';

interface Data {
  /** The class of Istio that is probably intended. */
  readonly nearest: string | undefined;
}

export const unknownGatewayClass = defineRule({
  id: 'unknown-gateway-class',
  stage: 'waypoint',
  summary: "The class of a Gateway is nearly one of Istio's, or the class of a waypoint is unknown.",
  severity: 'warning',
  since: '0.2.0',
  subjects: ['Gateway'],
  inputs: ['GatewayClass', 'ServiceEntry', 'Service', 'Namespace'],

  *check(gateway, mesh): Iterable<RuleFinding<Data>> {
    const unmodelled = notModelledClass(mesh, gateway);
    const written = gateway.spec.gatewayClassName;
    if (!unmodelled || !written) return;
    const nearest = unmodelled.case === 'mistyped-class' ? nearestIstioClass(written.value) : undefined;
    if (nearest !== undefined) {
      yield {
        at: written.span,
        message: `No proxy runs for Gateway ${gateway.name} unless the cluster has GatewayClass ${written.value}, which is not in these files: the nearest of Istio's is ${nearest}.`,
        data: { nearest },
      };
    } else if (unmodelled.case === 'unknown-class') {
      const users = mesh.enrolled(gateway.namespace, gateway.name);
      if (users.length === 0) return;
      yield {
        at: written.span,
        message: `What happens to traffic to ${listOf(users)} is not known: class ${written.value} is not Istio's and not in these files.`,
        related: relatedTo(users, (name) => `${name} names this Gateway.`),
        data: { nearest: undefined },
        severity: 'information',
      };
    }
  },

  *fixes({ nearest }, gateway) {
    if (nearest === undefined) return;
    yield {
      title: `Change the class to ${nearest}`,
      safety: 'unsafe',
      changes: [{ op: 'set', in: gateway, path: ['spec', 'gatewayClassName'], value: nearest }],
    };
  },
});
