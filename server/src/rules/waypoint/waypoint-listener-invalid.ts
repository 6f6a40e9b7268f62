import {
  hasInboundListener,
  inboundListenerPlace,
  nearestInboundListener,
} from '../../mesh/binding/waypoint-gateway.ts';
import type { Resource } from '../../model/resource.ts';
import type { GatewayListener } from '../../model/specs.ts';
import { defineRule, type Fix } from '../rule.ts';

type Gateway = Resource<'Gateway'>;

export const waypointListenerInvalid = defineRule({
  id: 'waypoint-listener-invalid',
  stage: 'waypoint',
  summary: 'A waypoint has no listener with protocol HBONE on port 15008, which its traffic uses.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['Gateway'],
  inputs: ['GatewayClass'],

  *check(gateway, mesh) {
    if (hasInboundListener(mesh, gateway) !== false) return;
    const close = nearestInboundListener(gateway);
    const { port, protocol } = close ?? {};
    yield {
      at: inboundListenerPlace(gateway),
      message: close
        ? `Waypoint ${gateway.name} does not apply this listener: it must have protocol HBONE on port 15008, not ${protocol?.value ?? 'no protocol'} on ${port ? `port ${port.value}` : 'no port'}.`
        : `Waypoint ${gateway.name} has no listener for its traffic: it needs one with protocol HBONE on port 15008.`,
      data: {},
    };
  },

  *fixes(_, gateway) {
    yield repair(gateway, nearestInboundListener(gateway));
  },
});

function isHbone({ protocol }: GatewayListener): boolean {
  return protocol?.value === 'HBONE';
}

function isOnPort({ port }: GatewayListener): boolean {
  return port?.value === 15008;
}

function repair(gateway: Gateway, listener: GatewayListener | undefined): Fix {
  if (!listener) {
    const value = { name: freeName(gateway), port: 15008, protocol: 'HBONE' };
    return {
      title: 'Add the HBONE listener',
      safety: 'safe',
      changes: [{ op: 'append', in: gateway, path: ['spec', 'listeners'], value }],
    };
  }
  const path = ['spec', 'listeners', listener.index];
  const protocol = isHbone(listener)
    ? []
    : [{ op: 'set', in: gateway, path: [...path, 'protocol'], value: 'HBONE' } as const];
  const port = isOnPort(listener) ? [] : [{ op: 'set', in: gateway, path: [...path, 'port'], value: 15008 } as const];
  return { title: 'Listen with HBONE on port 15008', safety: 'safe', changes: [...protocol, ...port] };
}

/** Listener names are unique in a Gateway: the API server refuses a second `mesh`. */
function freeName({ spec }: Gateway): string {
  const taken = new Set(spec.listeners.map(({ name }) => name?.value));
  let name = 'mesh';
  for (let i = 2; taken.has(name); i++) name = `mesh-${i}`;
  return name;
}
