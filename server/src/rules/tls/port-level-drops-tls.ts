import { arrivesInTls } from '../../mesh/hosts/target-ports.ts';
import { defineRule } from '../rule.ts';
import { routeInputs } from '../shared/inputs.ts';
import { settingsWithoutTls } from './faults/faults-of-rule.ts';
import { copyOf } from './repairs/origination.ts';

export const portLevelDropsTls = defineRule({
  id: 'port-level-drops-tls',
  stage: 'tls',
  summary: 'Settings for one port remove the TLS that is set for all ports, so plaintext is sent to that port.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  isOfIstioWaypoints: true,
  inputs: ['ServiceEntry', 'Service', ...routeInputs],

  *check(rule, mesh) {
    for (const { setting, on, port: declared } of settingsWithoutTls(mesh, rule)) {
      const port = setting.port!;
      const { key, mode } = rule.spec.trafficPolicy!.tls!;
      yield {
        at: port.span,
        message: `Plaintext reaches ${on.host} on port ${port.value}: these settings replace the settings for all ports, including TLS (${mode!.value}).`,
        related: [{ resource: rule, at: key, message: 'This TLS applies only to the other ports.' }],
        data: { index: setting.index, isShared: arrivesInTls(declared) },
      };
    }
  },

  // Where clients call the port with TLS of their own besides, theirs would be encrypted twice.
  *fixes({ index, isShared }, rule) {
    const tls = rule.spec.trafficPolicy?.tls;
    if (!tls) return;
    const path = ['spec', 'trafficPolicy', 'portLevelSettings', index, 'tls'];
    yield {
      title: 'Repeat the TLS settings for this port',
      safety: isShared ? 'unsafe' : 'safe',
      changes: [{ op: 'set', in: rule, path, value: copyOf(tls) }],
    };
  },
});
