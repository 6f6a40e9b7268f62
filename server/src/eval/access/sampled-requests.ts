// Requests that stand for all to a host and port, whoever sends them.
import type { Mesh } from '../../mesh/mesh.ts';
import { concreteHost } from '../trace/concrete-host.ts';
import { assumedNamespace, schemeOf } from '../trace/declared-requests.ts';
import { requestKey, type TraceRequest } from '../trace/request.ts';
import { samplesAtSidecars } from '../trace/samples-at-sidecars.ts';
import { plainRequest, samplesFor } from '../trace/samples-of-routes.ts';
import type { Destination } from './destinations.ts';

type AnyClient = Omit<TraceRequest, 'from'>;

export interface SampledRequests {
  readonly requests: readonly AnyClient[];
  /** Whether they stand for every way that requests can go. */
  readonly isComplete: boolean;
}

/** Requests that stand for all to a host and port. */
export function requestsTo(mesh: Mesh, { host, port, entries }: Destination): SampledRequests {
  const dialled = concreteHost(host) ?? 'any.invalid';
  const found = entries.flatMap((entry) =>
    entry.spec.ports
      .filter(({ number }) => number?.value === port)
      .map((one) => ({ scheme: schemeOf(one), ...samplesFor(mesh, entry, host, one) })),
  );
  const atSidecars = samplesAtSidecars(mesh, host, port);
  const requests = found.flatMap(({ scheme, samples, withOtherHost }) =>
    [
      ...(samples.length > 0 ? samples : [plainRequest]),
      ...withOtherHost,
      ...(scheme === 'http' ? atSidecars : []),
    ].map((sample) => ({
      ...sample,
      scheme,
      host: dialled,
      port,
      sni: undefined,
    })),
  );
  // Entries of one host have the same requests, most often.
  const byKey = new Map(requests.map((request) => [requestKey({ ...request, from: anyClient }), request]));
  return {
    requests: [...byKey.values()],
    isComplete: found.every(({ isComplete }) => isComplete),
  };
}

const anyClient: TraceRequest['from'] = { namespace: assumedNamespace, serviceAccount: '-', labels: new Map() };
