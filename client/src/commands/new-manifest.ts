// New Manifest: asks which, then for the names that it needs, and writes a file beside the open one.
import { QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import type { NewManifestResult, OfferedTemplate, Question } from '../../../server/src/lsp/protocol/templates.ts';
import type { EgressCommand, EgressContext } from '../extension-context.ts';
import { showNewFile } from '../documents/new-file.ts';
import { back, pick, type Answer } from '../ui/pick-steps.ts';
import { askServer } from './ask-server.ts';

interface Draft {
  readonly id: string;
  readonly answers: Readonly<Record<string, string>>;
}

/** Callers may pass the template and all answers; else both are asked for. Gives the address of the file. */
export const newManifest: EgressCommand = {
  id: 'istioEgress.newManifest',
  async run(egress, given) {
    const uri = window.activeTextEditor?.document.uri.toString() ?? null;
    const draft = isDraft(given) ? given : await chosenTemplate(egress, uri);
    const manifest = draft && (await filledIn(egress, uri, draft));
    return manifest && (await showNewFile(manifest.fileName, manifest.text)).toString();
  },
};

function isDraft(given: unknown): given is Draft {
  return typeof given === 'object' && given !== null && 'id' in given && 'answers' in given;
}

async function chosenTemplate(egress: EgressContext, uri: string | null): Promise<Draft | undefined> {
  const list = await askServer(egress, 'istioEgress/templates', { uri });
  if (!list) return undefined;
  const needed = list.offers.filter(({ isNeeded }) => isNeeded);
  const others = list.offers.filter(({ isNeeded }) => !isNeeded);
  const items = [
    ...(needed.length > 0 ? [separator('Missing in these files'), ...needed.map(itemOf)] : []),
    separator('Templates'),
    ...others.map(itemOf),
  ];
  const item = await window.showQuickPick(items, {
    title: 'New Manifest',
    placeHolder: 'What do you want to write?',
    matchOnDetail: true,
  });
  return item?.id === undefined ? undefined : { id: item.id, answers: {} };
}

type TemplateItem = QuickPickItem & { readonly id?: string };

function itemOf({ id, title, detail }: OfferedTemplate): TemplateItem {
  return { id, label: title, detail };
}

function separator(label: string): TemplateItem {
  return { label, kind: QuickPickItemKind.Separator };
}

/** Asks until nothing is left to ask. */
async function filledIn(
  egress: EgressContext,
  uri: string | null,
  { id, answers: first }: Draft,
): Promise<NewManifestResult | undefined> {
  const drafts = [first];
  for (;;) {
    const answers = drafts.at(-1)!;
    const manifest = await askServer(egress, 'istioEgress/newManifest', { uri, id, answers });
    if (!manifest?.question) return manifest;
    const answer = await askPlace(manifest.title, manifest.question, drafts.length);
    if (answer === undefined) return undefined;
    if (answer === back) drafts.pop();
    else drafts.push({ ...answers, [manifest.question.place]: answer });
  }
}

/** How many questions follow depends on the answers, so only the number of this one is shown. */
function askPlace(title: string, question: Question, step: number): Promise<Answer<string>> {
  const { value, choices, problem } = question;
  const known = choices.some((choice) => choice.value === value) ? choices : [{ value, detail: '' }, ...choices];
  return pick<string>(
    { title, step },
    {
      placeholder: problem ?? `${question.title}. Type to enter another`,
      items: known.map((choice) => ({ label: choice.value, description: choice.detail, value: choice.value })),
      active: value,
      fromText: (text) => ({ label: text, description: 'as typed', alwaysShow: true, value: text }),
    },
  );
}
