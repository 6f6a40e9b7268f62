import { lastAnswer } from '../../base/last-answer.ts';
import { leftOut, manifestsIn } from '../../features/file-objects.ts';
import type { Handler } from '../handler.ts';
import { toRange } from '../to-lsp.ts';

export const manifests: Handler<'istioEgress/manifests'> = (session, { uris }) => {
  const textOf = lastAnswer((uri) => session.texts.textOf(uri));
  const wanted = uris.flatMap((uri) => {
    const place = session.placeOf(uri);
    return place ? [{ uri, ...place }] : [];
  });
  const found = wanted.flatMap(({ uri, workspace, lines }) =>
    manifestsIn(workspace, uri, textOf).map(({ manifest, span }) => {
      const { kind, namespace, name } = manifest;
      return { ...manifest, place: { uri, range: toRange(span, lines), resource: { kind, namespace, name } } };
    }),
  );
  return {
    manifests: [
      ...found.filter(({ kind }) => kind === 'Namespace'),
      ...found.filter(({ kind }) => kind !== 'Namespace'),
    ],
    leftOut: wanted.flatMap(({ uri, workspace }) => leftOut(workspace, uri).map((why) => ({ uri, why }))),
  };
};
