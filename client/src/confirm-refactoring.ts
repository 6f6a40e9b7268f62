// What a refactoring changes for requests is asked in a dialog: the editor's own preview shows it only as a tooltip, and begins with
// every change switched off.
import {
  CodeActionResolveRequest,
  LSPErrorCodes,
  ResponseError,
  WorkspaceEdit,
  type ChangeAnnotation,
  type LanguageClientOptions,
} from 'vscode-languageclient';
import { askPlain } from './ui/show-plain.ts';

type Requests = Pick<NonNullable<LanguageClientOptions['middleware']>, 'sendRequest'>;

export const confirmRefactoring: Requests = {
  async sendRequest(type, param, token, next) {
    const answer = await next(type, param, token);
    if ((typeof type === 'string' ? type : type.method) === CodeActionResolveRequest.method)
      for (const annotation of annotationsIn(answer)) await confirm(annotation);
    return answer;
  },
};

function annotationsIn(action: unknown): readonly ChangeAnnotation[] {
  if (typeof action !== 'object' || action === null || !('edit' in action) || !WorkspaceEdit.is(action.edit)) return [];
  return Object.values(action.edit.changeAnnotations ?? {}).filter(({ needsConfirmation }) => needsConfirmation);
}

/** Chosen, the change is applied at once, or the editor shows its lines first. Otherwise the request counts as cancelled. */
async function confirm(annotation: ChangeAnnotation): Promise<void> {
  const [apply, preview] = ['Apply', 'Preview'];
  const { label, description = '' } = annotation;
  const detail = description.replaceAll('; ', ';\n');
  const chosen = await askPlain(label, { detail }, apply, preview);
  if (chosen === undefined) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'not confirmed');
  if (chosen === apply) annotation.needsConfirmation = false;
}
