import { defineRule } from '../rule.ts';
import { settingsWithoutTls } from './faults/faults-of-rule.ts';
import { copyOf } from './repairs/origination.ts';

export const portLevelDropsTls = defineRule({
  id: 'port-level-drops-tls',
  stage: 'tls',
  summary: 'Settings for one port take away the TLS that is set for all ports.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  inputs: ['ServiceEntry', 'Service'],

  *check(rule, mesh) {
    for (const { setting, on } of settingsWithoutTls(mesh, rule)) {
      const port = setting.port!;
      const { key, mode } = rule.spec.trafficPolicy!.tls!;
      yield {
        at: port.span,
        message: `Settings for port ${port.value} replace those for all ports, so TLS (${mode!.value}) is not spoken to ${on.host} there.`,
        related: [{ resource: rule, at: key, message: 'This TLS holds for the other ports only.' }],
        data: { index: setting.index },
      };
    }
  },

  *fixes({ index }, rule) {
    const tls = rule.spec.trafficPolicy?.tls;
    if (!tls) return;
    const path = ['spec', 'trafficPolicy', 'portLevelSettings', index, 'tls'];
    yield {
      title: 'Repeat the TLS settings for this port',
      safety: 'safe',
      changes: [{ op: 'set', in: rule, path, value: copyOf(tls) }],
    };
  },
});
