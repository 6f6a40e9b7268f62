import { isForWaypoint } from '../shared/telemetry-scope.ts';
import { defineRule } from '../rule.ts';

export const telemetryClientMode = defineRule({
  id: 'telemetry-client-mode',
  stage: 'telemetry',
  summary: 'A waypoint does not write an access log that is set for mode CLIENT, because it logs only in mode SERVER.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['Telemetry'],
  isOfIstioWaypoints: true,
  inputs: ['Gateway'],

  *check(telemetry, mesh) {
    const { accessLogging } = telemetry.spec;
    if (!isForWaypoint(mesh, telemetry) || accessLogging.some(({ mode }) => mode?.value !== 'CLIENT')) return;
    for (const [i, { mode }] of accessLogging.entries()) {
      if (mode)
        yield {
          at: mode.span,
          message: 'Nothing is logged: a waypoint logs requests in mode SERVER, never in mode CLIENT.',
          data: { path: ['spec', 'accessLogging', i, 'match', 'mode'] },
        };
    }
  },

  *fixes({ path }, telemetry) {
    yield { title: 'Set mode: SERVER', safety: 'safe', changes: [{ op: 'set', in: telemetry, path, value: 'SERVER' }] };
  },
});
