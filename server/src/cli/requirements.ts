// Requirements of the organisation that the manifests do not meet, as findings.
import type { Finding } from '../engine/finding.ts';
import { placesIn } from '../engine/places.ts';
import { unmetRequirements } from '../features/requirements/unmet.ts';
import { statements, type Statement } from '../model/requirements.ts';
import type { CliHost } from './host.ts';
import type { Loaded } from './load.ts';
import type { ReportedRule } from './report.ts';

const summaries: Readonly<Record<Statement, string>> = {
  throughGateway: 'An external host is reached without a waypoint or egress gateway, which the settings require.',
  encrypted: 'What is sent to an external host is not encrypted and verified, which the settings require.',
  notOpenToAll: 'An external host is open to all clients, which the settings forbid.',
  hosts: 'An external host is not in the list of the settings.',
  callers: 'An external host can be called from other namespaces than the settings allow.',
  logged: 'Requests to an external host are not logged, which the settings require.',
};

/** They are no rules of the catalogue: only a settings file has them. */
export const requirementRules: readonly ReportedRule[] = statements.map((statement) => ({
  id: idOf(statement),
  summary: summaries[statement],
  severity: 'error',
  stage: 'leak',
  since: '0.2.0',
  page: '',
}));

/** Empty where no settings file has `require`. */
export function unmetFindings(loaded: Loaded, host: CliHost): readonly Finding[] {
  const { workspace } = loaded;
  const { requirements } = workspace.settings;
  if (!requirements) return [];
  const place = placesIn(workspace, loaded);
  return unmetRequirements(workspace.mesh, requirements, host.today()).map(
    ({ statement, message, resource, span }): Finding => {
      const { uri, range } = place(resource, span);
      const { id, kind, namespace, name, document } = resource;
      const start = workspace.documentAt(document)?.start ?? 0;
      return {
        rule: idOf(statement),
        severity: 'error',
        message,
        uri,
        range,
        span: { start: start + span.start, end: start + span.end },
        document,
        resource: { id, kind, namespace, name },
        related: [],
        data: undefined,
      };
    },
  );
}

/** `require-through-gateway`. */
function idOf(statement: Statement): string {
  return `require-${statement.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
