// All templates, in the order in which an egress setup is written.
import { since } from '../../mesh/settings.ts';
import type { Template } from './template.ts';
import { accessTemplates } from './sets/access.ts';
import { gatewayTemplates } from './sets/gateways.ts';
import { hostTemplates } from './sets/hosts.ts';
import { tlsTemplates } from './sets/tls.ts';

const classic: readonly string[] = ['classic-egress-gateway', 'sidecar'];
const isClassic = ({ id }: Template): boolean => classic.includes(id);

export const templates: readonly Template[] = [
  ...gatewayTemplates.filter((template) => !isClassic(template)),
  ...hostTemplates,
  ...tlsTemplates,
  ...accessTemplates,
  ...gatewayTemplates.filter(isClassic),
];

const byId = new Map(templates.map((template) => [template.id, template]));

export function templateNamed(id: string): Template | undefined {
  return byId.get(id);
}

function certain(id: string): Template {
  const template = byId.get(id);
  if (!template) throw new Error(`There is no template ${id}`);
  return template;
}

/** Those that what a mesh lacks is written with. */
export const secretAccess = certain('secret-access');
export const wildcardEntry = certain('service-entry-wildcard');
export const entryPolicy = certain('authorization-policy-service-entry');
export const accessLog = certain('telemetry-access-log');

/** Whether the target version of Istio can do what it writes. */
export function isOfferedFor({ since: first }: Template, istioVersion: string): boolean {
  return first === undefined || since({ istioVersion }, first);
}
