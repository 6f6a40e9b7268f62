// What a settings file can require, as rules for users: they have ids, pages and findings, but only a settings file brings them about.
import { statements, type Statement } from '../model/requirements.ts';
import type { RuleInfo } from './rule.ts';

const summaries: Readonly<Record<Statement, string>> = {
  throughGateway: 'An external host is reached without a waypoint or egress gateway, which the settings require.',
  encrypted: 'What is sent to an external host is not encrypted and verified, which the settings require.',
  notOpenToAll: 'An external host is open to all clients, which the settings forbid.',
  hosts: 'An external host is not in the list of the settings.',
  callers: 'An external host can be called from other namespaces than the settings allow.',
  logged: 'Requests to an external host are not logged, which the settings require.',
};

export const requirementRules: readonly RuleInfo[] = statements.map((statement) => ({
  id: requirementRule(statement),
  summary: summaries[statement],
  severity: 'error',
  stage: 'leak',
  since: '0.2.0',
}));

/** `require-through-gateway`. */
export function requirementRule(statement: Statement): string {
  return `require-${statement.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
