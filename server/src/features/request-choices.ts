// What a request to trace can be chosen from: a URL for each host and port of the ServiceEntries, and the clients that files show.
import { compareText } from '../base/compare.ts';
import { subjectsOf } from '../eval/access/access-subjects.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { protocolKind } from '../names/protocols.ts';
import { clientsOf, urlOf } from './facts/known-requests.ts';

export interface RequestChoices {
  readonly urls: readonly UrlChoice[];
  /** `NAMESPACE/SERVICE-ACCOUNT`: of workloads and accounts first, then those that only policies name. */
  readonly clients: readonly string[];
}

interface UrlChoice {
  readonly url: string;
  readonly host: string;
  /** Absent where the entry lists no port with a number. */
  readonly port?: number;
  /** `NAMESPACE/NAME` of the ServiceEntry. */
  readonly entry: string;
}

export function requestChoices(mesh: Mesh): RequestChoices {
  const named = subjectsOf(mesh).flatMap((subject) =>
    subject === '*' || subject.serviceAccount === undefined ? [] : [`${subject.namespace}/${subject.serviceAccount}`],
  );
  return { urls: urlsOf(mesh), clients: [...new Set([...clientsOf(mesh), ...named])] };
}

/** By host and port; UDP is not carried by the mesh. */
function urlsOf(mesh: Mesh): readonly UrlChoice[] {
  const choices = mesh.all('ServiceEntry').flatMap(({ namespace, name, spec }) => {
    const ports = spec.ports.filter(({ number }) => number !== undefined);
    const dialled = ports.filter(({ protocol }) => protocolKind(protocol?.value) !== 'udp');
    return spec.hosts
      .filter(({ value }) => value !== '*')
      .flatMap(({ value: host }) =>
        (ports.length > 0 ? dialled : [undefined]).map(
          (port): UrlChoice => ({
            url: urlOf(host, port),
            host,
            ...(port && { port: port.number!.value }),
            entry: `${namespace}/${name}`,
          }),
        ),
      );
  });
  const first = new Map([...choices].reverse().map((choice) => [choice.url, choice]));
  return [...first.values()].sort((a, b) => compareText(a.host, b.host) || (a.port ?? 0) - (b.port ?? 0));
}
