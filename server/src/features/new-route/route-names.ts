// Names of the objects of a new route: they say which host it is about, and are free.
import type { Draft } from '../../engine/draft.ts';
import type { Kind } from '../../model/kinds.ts';

export function stemOf(host: string): string {
  return host.replace(/^\*/, 'wildcard').replaceAll('.', '-').slice(0, 63).replace(/-+$/, '');
}

export function freeName(draft: Draft, kind: Kind, namespace: string, name: string): string {
  let candidate = name;
  for (let n = 2; draft.writtenMesh.named(kind, namespace, candidate).length > 0; n++) candidate = `${name}-${n}`;
  return candidate;
}
