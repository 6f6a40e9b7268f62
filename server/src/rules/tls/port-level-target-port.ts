import { groupBy } from '../../base/group-by.ts';
import type { Resource } from '../../model/resource.ts';
import { defineRule, type Change } from '../rule.ts';
import { originates, targetPortSettings, type PortSetting } from './faults/faults-of-rule.ts';
import { copyOf, settingFor } from './repairs/origination.ts';
import { andMore } from '../../base/and-more.ts';
import { arrivesInTls, tlsSiblingOf } from '../../mesh/hosts/target-ports.ts';
import { routeInputs } from '../shared/inputs.ts';

export const portLevelTargetPort = defineRule({
  id: 'port-level-target-port',
  stage: 'tls',
  summary: 'Port settings name the targetPort instead of the port that clients call, so they have no effect.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  isOfIstioWaypoints: true,
  inputs: [...routeInputs, 'ServiceEntry', 'Service'],

  *check(rule, mesh) {
    for (const settings of bySetting(targetPortSettings(mesh, rule))) {
      const [{ setting, on, path }] = settings;
      const ports = [...new Set(settings.map(({ port }) => port.number!.value))];
      yield {
        at: setting.port!.span,
        message: `These settings have no effect: they need the port that clients call, and ${setting.port!.value} of ${on.host} is only the targetPort of port ${andMore(ports)}.`,
        related: settings.map(({ on: { entry }, port }) => ({
          resource: entry,
          at: port.number!.span,
          message: `Clients call port ${port.number!.value}.`,
        })),
        data: { path: [...path], ports },
      };
    }
  },

  *fixes({ path, ports }, rule, mesh) {
    const all = targetPortSettings(mesh, rule).filter((other) => other.path.join() === path.join());
    const [found] = all;
    if (!found) return;
    for (const number of ports) {
      if (settingFor(rule, number) || all.some((other) => other.port.number!.value === number && fails(other)))
        continue;
      yield {
        title: `Set port ${number}`,
        safety: ports.length === 1 ? 'safe' : 'unsafe',
        changes: renumbering(rule, found, number),
      };
    }
  },
});

/** Whether TLS would fail at the port once the settings hold there: on top of the client's own, or at a plaintext port. */
function fails({ setting, port }: PortSetting): boolean {
  return originates(setting.tls) && (arrivesInTls(port) || tlsSiblingOf(setting.port!.value) !== undefined);
}

/** Once the entry matches it replaces the TLS that is set for all ports, so it takes that along. */
function renumbering(
  rule: Resource<'DestinationRule'>,
  { setting, path }: PortSetting,
  number: number,
): readonly Change[] {
  const tls = rule.spec.trafficPolicy?.tls;
  const isTop = path[1] === 'trafficPolicy';
  return [
    { op: 'set', in: rule, path: [...path, 'port', 'number'], value: number },
    ...(isTop && tls && !setting.tls && originates(tls)
      ? [{ op: 'set', in: rule, path: [...path, 'tls'], value: copyOf(tls) } as const]
      : []),
  ];
}

function bySetting(all: readonly PortSetting[]): (readonly [PortSetting, ...PortSetting[]])[] {
  return [...groupBy(all, ({ path }) => path.join()).values()];
}
