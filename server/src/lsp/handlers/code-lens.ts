import type { CodeLens, CodeLensParams } from 'vscode-languageserver';
import { lensesIn, lensTitle, type LensSubject } from '../../features/code-lens.ts';
import type { Session } from '../session.ts';
import { toRange } from '../to-lsp.ts';

interface LensData extends LensSubject {
  readonly uri: string;
}

/** Places only; for files that an editor has open, as nobody sees the others. */
export function codeLens(session: Session, { textDocument: { uri } }: CodeLensParams): CodeLens[] {
  const place = isShown(session, uri) ? session.placeOf(uri) : undefined;
  if (!place) return [];
  return lensesIn(place.workspace, uri).map(
    ({ span, subject }): CodeLens => ({
      range: toRange(span, place.lines),
      data: { uri, ...subject } satisfies LensData,
    }),
  );
}

/** A title without a command: there is nothing to run in an editor that knows no commands of ours. */
export function resolveCodeLens(session: Session, lens: CodeLens): CodeLens {
  const data = readData(lens.data);
  const place = data && isShown(session, data.uri) ? session.placeOf(data.uri) : undefined;
  const title = (data && place && lensTitle(place.workspace, data.uri, data)) ?? '';
  return { ...lens, command: { title, command: '' } };
}

function isShown(session: Session, uri: string): boolean {
  return session.client.codeLens?.enabled !== false && !session.isReading && session.texts.isOpen(uri);
}

function readData(wire: unknown): LensData | undefined {
  if (typeof wire !== 'object' || wire === null) return undefined;
  const { uri, kind, namespace, name } = wire as Readonly<Record<string, unknown>>;
  if (typeof uri !== 'string' || typeof kind !== 'string' || typeof namespace !== 'string' || typeof name !== 'string')
    return undefined;
  return { uri, kind, namespace, name };
}
