// New Egress Route: asks what the route is to be, shows its files and what they do, and writes them.
import { commands, Range, Uri, window, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import type { PlannedRoute, RouteFile, RouteQuestion } from '../../../server/src/lsp/protocol/new-route.ts';
import { showComparisons } from '../cluster/texts.ts';
import { newRouteDocument } from '../documents/new-route.ts';
import { workPlace } from '../documents/work-place.ts';
import type { EgressCommand, EgressContext } from '../extension-context.ts';
import { showMessage } from '../ui/notify.ts';
import { back, pick, type Answer } from '../ui/pick-steps.ts';
import { askServer } from './ask-server.ts';

type Answers = Readonly<Record<string, string>>;

/** Callers may pass answers; those that are missing are asked for. Gives the addresses of the files that were written. */
export const newRoute: EgressCommand = {
  id: 'istioEgress.newRoute',
  async run(egress, given) {
    const uri = workPlace()?.uri ?? null;
    const drafts: Answers[] = [isAnswers(given) ? given.answers : {}];
    for (;;) {
      const answers = drafts.at(-1) ?? {};
      const found = await askServer(egress, 'istioEgress/newRoute', { uri: homeOf(uri), answers });
      if (!found) return undefined;
      const answer = found.question
        ? await askQuestion(found.question, drafts.length)
        : await confirm(egress, found.plan, drafts.length);
      if (answer === undefined) return undefined;
      if (answer === back) drafts.pop();
      else if (found.question) drafts.push({ ...answers, [found.question.name]: answer });
      else return found.plan ? write(egress, found.plan) : undefined;
    }
  },
};

function isAnswers(given: unknown): given is { readonly answers: Answers } {
  return typeof given === 'object' && given !== null && 'answers' in given;
}

/** Only files of a folder show where new ones belong. */
function homeOf(uri: string | null): string | null {
  return uri !== null && workspace.getWorkspaceFolder(Uri.parse(uri)) ? uri : null;
}

function titleOf(): string {
  return 'New Egress Route';
}

/** How many questions follow depends on the answers, so only the number of this one is shown. */
function askQuestion(question: RouteQuestion, step: number): Promise<Answer<string>> {
  const { title, value, choices, problem, takesMany } = question;
  // Of these nothing else can be chosen.
  const isClosed = question.name === 'tls' || question.name === 'log';
  const hint = isClosed ? title : hintOf(title, choices.length > 0, takesMany);
  return pick<string>(
    { title: titleOf(), step },
    {
      placeholder: problem ?? hint,
      items: choices.map((choice) => ({ label: choice.value, description: choice.detail, value: choice.value })),
      active: value,
      ...(!isClosed && {
        fromText: (text: string) => ({ label: text, description: 'as typed', alwaysShow: true, value: text }),
      }),
    },
  );
}

function hintOf(title: string, hasChoices: boolean, takesMany: boolean): string {
  if (!hasChoices) return takesMany ? `${title}. Separate several with commas` : title;
  return takesMany ? `${title}. Type to enter others, separated by commas` : `${title}. Type to enter another`;
}

/** The files as diffs and what they do stay open behind the question. */
async function confirm(egress: EgressContext, plan: PlannedRoute | null, step: number): Promise<Answer<string>> {
  if (!plan) return undefined;
  await showComparisons(
    plan.title,
    ['now', 'new'],
    plan.files.map(({ uri, before, after }) => ({ name: nameOf(uri), left: before, right: after })),
  );
  await egress.answers.show(plan.title, newRouteDocument(plan));
  const isAsAsked = plan.requests.every((one) => one.isAsAsked);
  return pick<string>(
    { title: titleOf(), step },
    {
      placeholder: isAsAsked
        ? 'Each client reaches the host as chosen. Write the files?'
        : 'Not every client reaches the host as chosen. Write the files all the same?',
      items: [
        {
          label: '$(check) Write',
          description: plan.files.map(({ uri }) => nameOf(uri)).join(', '),
          value: 'write',
        },
      ],
    },
  );
}

function nameOf(uri: string): string {
  return workspace.asRelativePath(Uri.parse(uri));
}

async function write(egress: EgressContext, { files }: PlannedRoute): Promise<readonly string[] | undefined> {
  const uris = files.map(({ uri }) => Uri.parse(uri));
  const edit = new WorkspaceEdit();
  const changed: TextDocument[] = [];
  for (const file of files) {
    const document = await add(edit, file);
    if (document) changed.push(document);
  }
  const isStale = changed.some((document) => textBefore(files, document) !== document.getText());
  if (isStale || !(await workspace.applyEdit(edit))) {
    showMessage(egress, 'warn', 'A file changed meanwhile, so nothing is written. Try again.');
    return undefined;
  }
  for (const document of changed) await document.save();
  const [first] = uris;
  if (first) await window.showTextDocument(await workspace.openTextDocument(first));
  showMessage(egress, 'info', `Written: ${files.map(({ uri }) => nameOf(uri)).join(', ')}`, {
    actions: [
      {
        label: 'Apply Manifest',
        go: () => commands.executeCommand('istioEgress.applyManifest', first, uris),
      },
    ],
  });
  return uris.map(String);
}

async function add(edit: WorkspaceEdit, { uri, isNew, after }: RouteFile): Promise<TextDocument | undefined> {
  const place = Uri.parse(uri);
  if (isNew) {
    edit.createFile(place, { contents: new TextEncoder().encode(after) });
    return undefined;
  }
  const document = await workspace.openTextDocument(place);
  edit.replace(place, new Range(document.positionAt(0), document.positionAt(document.getText().length)), after);
  return document;
}

function textBefore(files: readonly RouteFile[], document: TextDocument): string | undefined {
  return files.find(({ uri }) => Uri.parse(uri).toString() === document.uri.toString())?.before;
}
