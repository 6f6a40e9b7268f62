import { isForWaypoint } from '../shared/telemetry-scope.ts';
import { defineRule } from '../rule.ts';

export const telemetryClientMode = defineRule({
  id: 'telemetry-client-mode',
  stage: 'telemetry',
  summary: 'An access log of mode CLIENT is asked of a waypoint, which logs as a server only.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['Telemetry'],
  inputs: ['Gateway'],

  *check(telemetry, mesh) {
    const { accessLogging } = telemetry.spec;
    if (!isForWaypoint(mesh, telemetry) || accessLogging.some(({ mode }) => mode?.value !== 'CLIENT')) return;
    for (const [i, { mode }] of accessLogging.entries()) {
      if (mode)
        yield {
          at: mode.span,
          message: 'A waypoint logs requests as a server, so an access log of mode CLIENT stays empty there.',
          data: { path: ['spec', 'accessLogging', i, 'match', 'mode'] },
        };
    }
  },

  *fixes({ path }, telemetry) {
    yield { title: 'Set mode: SERVER', safety: 'safe', changes: [{ op: 'set', in: telemetry, path, value: 'SERVER' }] };
  },
});
