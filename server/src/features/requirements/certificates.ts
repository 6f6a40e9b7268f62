// Whether what leaves is TLS where the port expects it, and certificates are verified where the mesh originates it.
import { assumedNamespace, declaredRequests } from '../../eval/trace/declared-requests.ts';
import { authorization } from '../../eval/trace/stages/authorization.ts';
import type { Trace } from '../../eval/trace/step.ts';
import { trace } from '../../eval/trace/trace.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { placeText, unmetOf, type Place, type UnmetAtHost } from './place.ts';

/** Policies decide nothing here. */
export function certificateFaults(mesh: Mesh, place: Place): readonly UnmetAtHost[] {
  const sentences: Readonly<Record<Ending, string | undefined>> = {
    plaintext: `What is sent to ${placeText(place)} is plaintext, although the port expects TLS.`,
    unverified: `The certificate of ${placeText(place)} is not verified.`,
    'name-unverified': `The name in the certificate of ${placeText(place)} is not verified.`,
    good: undefined,
  };
  const sentence = sentences[endingAt(mesh, place)];
  return sentence === undefined ? [] : [unmetOf('encrypted', place, sentence)];
}

type Ending = 'plaintext' | 'unverified' | 'name-unverified' | 'good';

/** What is asked of a port holds for all hosts of its entry, which may be thousands: it is asked once for them. */
function endingAt(mesh: Mesh, { entry, port, rows }: Place): Ending {
  const namespaces = [...new Set(rows.map(({ from }) => (from === '*' ? assumedNamespace : from.namespace)))];
  if (entry.spec.hosts.length === 1) return endingOf(mesh, entry, port, namespaces);
  const key = `endings ${entry.id} ${port} ${namespaces.join(' ')}`;
  return mesh.derived(key, (view) => endingOf(view, entry, port, namespaces));
}

function endingOf(mesh: Mesh, entry: Place['entry'], wanted: number, namespaces: readonly string[]): Ending {
  const traces = declaredRequests(mesh, entry, namespaces)
    .filter(({ port }) => wanted === 0 || port === wanted)
    .flatMap((request) => endsOf(trace(mesh, request, { skip: [authorization] })));
  if (traces.some(({ cause }) => cause === 'plaintext-to-tls')) return 'plaintext';
  const origins = traces.flatMap(({ upstream }) => upstream?.tls ?? []);
  if (origins.some(({ roots }) => roots === undefined)) return 'unverified';
  return origins.some(({ verifiesName }) => !verifiesName) ? 'name-unverified' : 'good';
}

function endsOf(found: Trace): readonly Trace[] {
  return found.candidates.length > 0 ? found.candidates.flatMap(endsOf) : [found];
}
