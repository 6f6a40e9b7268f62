// Whether what leaves is TLS where the port expects it, and certificates are verified where the mesh originates it.
import { assumedNamespace, declaredRequests } from '../../eval/trace/declared-requests.ts';
import { authorization } from '../../eval/trace/stages/authorization.ts';
import type { Trace } from '../../eval/trace/step.ts';
import { trace } from '../../eval/trace/trace.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { placeText, unmetOf, type Place, type UnmetAtHost } from './place.ts';

/** Policies decide nothing here. */
export function certificateFaults(mesh: Mesh, place: Place): readonly UnmetAtHost[] {
  const namespaces = new Set(place.rows.map(({ from }) => (from === '*' ? assumedNamespace : from.namespace)));
  const traces = declaredRequests(mesh, place.entry, [...namespaces])
    .filter(({ port }) => place.port === 0 || port === place.port)
    .flatMap((request) => endsOf(trace(mesh, request, { skip: [authorization] })));
  if (traces.some(({ cause }) => cause === 'plaintext-to-tls'))
    return [
      unmetOf('encrypted', place, `What is sent to ${placeText(place)} is plaintext, although the port expects TLS.`),
    ];
  const origins = traces.flatMap(({ upstream }) => upstream?.tls ?? []);
  if (origins.some(({ roots }) => roots === undefined))
    return [unmetOf('encrypted', place, `The certificate of ${placeText(place)} is not verified.`)];
  return origins.some(({ verifiesName }) => !verifiesName)
    ? [unmetOf('encrypted', place, `The name in the certificate of ${placeText(place)} is not verified.`)]
    : [];
}

function endsOf(found: Trace): readonly Trace[] {
  return found.candidates.length > 0 ? found.candidates.flatMap(endsOf) : [found];
}
