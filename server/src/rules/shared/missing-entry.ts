// The ServiceEntry for a host that a rule or a route names and that no file declares, as a fix or a template writes it.
import type { Mesh } from '../../mesh/mesh.ts';
import { rulesAnywhere } from '../../mesh/destination-rules/matching-rules.ts';
import { tlsOfRule } from '../../mesh/destination-rules/upstream-tls.ts';
import type { Resource } from '../../model/resource.ts';
import type { Plain } from '../rule.ts';

export interface MissingEntry {
  readonly host: string;
  /** Undefined where the object that names the host writes none. */
  readonly namespace: string | undefined;
  /** Rules that will apply to it, besides those of the mesh. */
  readonly rules?: readonly Resource<'DestinationRule'>[];
  /** Ports that are named together with the host. */
  readonly ports?: readonly number[];
}

/** TLS that a rule for the host speaks needs a plain port that leads to 443; without, clients speak it themselves. */
export function missingEntry(mesh: Mesh, { host, namespace, rules: own = [], ports = [] }: MissingEntry): Plain {
  const rules = [...own, ...rulesAnywhere(mesh, host)];
  const wanted = rules.flatMap(
    ({ spec }) => spec.trafficPolicy?.portLevelSettings.flatMap(({ port }) => port?.value ?? []) ?? [],
  );
  const plain = [...ports, 80, ...wanted].find((port) => rules.some((one) => tlsOfRule(one, port).mode !== undefined));
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: namespace === undefined ? { name: host } : { name: host, namespace },
    spec: { hosts: [host], ports: [plain === undefined ? portOf(ports[0]) : toTls(plain)], resolution: 'DNS' },
  };
}

function portOf(number = 443): Plain {
  return number === 443 ? { number, name: 'tls', protocol: 'TLS' } : { number, name: 'http', protocol: 'HTTP' };
}

function toTls(number: number): Plain {
  return { number, name: 'http', protocol: 'HTTP', targetPort: 443 };
}
