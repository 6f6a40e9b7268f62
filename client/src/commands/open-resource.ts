// Shows where a resource stands.
import { Range, Uri, ViewColumn, window, workspace } from 'vscode';
import type { Evidence } from '../../../server/src/lsp/protocol/shared.ts';
import type { EgressCommand } from '../extension-context.ts';

/** Shows the place of a resource: in its file, or as the cluster holds it. */
export const openResource: EgressCommand = {
  id: 'istioEgress.openResource',
  async run(_egress, given) {
    const place = placeIn(given);
    if (place) await showPlace(place);
  },
};

type Place = Pick<Evidence, 'uri' | 'range'>;

/** For links of a view: where texts are read already, else beside the view, which stays to be read. */
export async function showPlaceBesideView(place: Place): Promise<void> {
  await showPlace(place, window.visibleTextEditors[0]?.viewColumn ?? ViewColumn.Beside);
}

export async function showPlace(
  { uri, range: { start, end } }: Place,
  viewColumn: ViewColumn = ViewColumn.Active,
): Promise<void> {
  const document = await workspace.openTextDocument(Uri.parse(uri));
  await window.showTextDocument(document, {
    viewColumn,
    selection: new Range(start.line, start.character, end.line, end.character),
    preview: true,
  });
}

function placeIn(given: unknown): Evidence | undefined {
  const place = typeof given === 'object' && given !== null && 'place' in given ? given.place : undefined;
  return typeof place === 'object' && place !== null && 'uri' in place ? (place as Evidence) : undefined;
}
