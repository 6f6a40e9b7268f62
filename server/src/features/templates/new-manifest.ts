// New Manifest, question by question: the same answers give the same next question, so the server keeps nothing between two.
import type { Workspace } from '../../engine/workspace.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { printDocument } from '../../yaml/print.ts';
import { choicesFor, type PlaceChoice } from './choices.ts';
import { fillIn, valueOf, type Values } from './fill.ts';
import { withFreeName } from './free-name.ts';
import type { Offer } from './offer.ts';
import { offersFor } from './offers.ts';
import { places, type PlaceName } from './places.ts';
import type { Template } from './template.ts';
import { valueProblem } from './valid-values.ts';

export interface Question {
  readonly place: string;
  readonly title: string;
  /** The likeliest answer. */
  readonly value: string;
  readonly choices: readonly PlaceChoice[];
  /** What is wrong with the answer that was given. */
  readonly problem: string | null;
}

export interface NewManifest {
  /** Of the offer. */
  readonly title: string;
  /** The next place to ask for; `null` when the text is complete. */
  readonly question: Question | null;
  readonly text: string;
  /** A name for its file, without an ending. */
  readonly fileName: string;
}

/** Undefined if what was offered is offered no more. `uri` is a file beside which it is written. */
export function newManifest(
  workspace: Workspace,
  uri: string | undefined,
  id: string,
  answers: Values,
): NewManifest | undefined {
  const offer = offersFor(workspace, uri).find((one) => one.id === id);
  if (!offer) return undefined;
  const { content, title } = offer;
  if ('manifest' in content)
    return { title, question: null, text: printDocument(content.manifest), fileName: content.name };
  const { template } = content;
  const values = offer.isNeeded ? { ...content.values, ...answers } : answers;
  const complete = offer.isNeeded ? values : withFreeName(workspace.mesh, template, values);
  return {
    title,
    question: nextQuestion(workspace.mesh, offer, template, values),
    text: fillIn(template, complete),
    fileName: `${valueOf(template, template.namedAfter, complete).replace(/^\*\./, '')}-${template.id}`,
  };
}

function nextQuestion(mesh: Mesh, { content }: Offer, template: Template, values: Values): Question | null {
  for (const place of template.asks) {
    const answer = values[place];
    const problem = answer === undefined ? undefined : valueProblem(place, answer);
    if (answer !== undefined && problem === undefined) continue;
    const known = 'template' in content ? { ...content.values, ...values } : values;
    const choices = choicesFor(mesh, template, place, known);
    return {
      place,
      title: places[place].title,
      value: likeliest(template, place, known, choices),
      choices,
      problem: problem ?? null,
    };
  }
  return null;
}

function likeliest(template: Template, place: PlaceName, known: Values, choices: readonly PlaceChoice[]): string {
  const near = known[place];
  const isNear = near !== undefined && valueProblem(place, near) === undefined;
  return isNear ? near : (choices[0]?.value ?? valueOf(template, place, {}));
}
