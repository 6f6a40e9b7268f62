import { hasProviderAround } from '../shared/telemetry-scope.ts';
import { defineRule } from '../rule.ts';

export const telemetryWithoutProvider = defineRule({
  id: 'telemetry-without-provider',
  stage: 'telemetry',
  summary: 'An access log names no provider, and the mesh has no default provider, so nothing is logged.',
  severity: 'warning',
  since: '0.1.0',
  peers: ['IST0157'],
  subjects: ['Telemetry'],
  inputs: [],

  *check(telemetry, mesh) {
    const { settings } = mesh;
    if (settings.defaultAccessLogProviders.length > 0) return;
    // Without providers of its own it takes those of the namespace and of the mesh.
    if (hasProviderAround(mesh, telemetry)) return;
    for (const [i, { providers, disabled, span }] of telemetry.spec.accessLogging.entries()) {
      if (providers.length > 0 || disabled) continue;
      const finding = {
        at: span,
        message: `Nothing is logged: this access log names no provider, and ${settings.origin === 'default' ? 'these files show no default provider (the mesh configuration may have one)' : 'the mesh configuration has no default provider'}.`,
        data: { path: ['spec', 'accessLogging', i, 'providers'] },
      };
      yield settings.origin === 'default' ? { ...finding, severity: 'information' } : finding;
    }
  },

  *fixes({ path }, telemetry) {
    yield {
      title: 'Log with the provider envoy',
      safety: 'unsafe',
      changes: [{ op: 'set', in: telemetry, path, value: [{ name: 'envoy' }] }],
    };
  },
});
