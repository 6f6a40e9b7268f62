// A sequence of questions with a Back button.
import { QuickInputButtons, window, type QuickInput, type QuickPickItem } from 'vscode';

export const back = Symbol('back');
/** Undefined: the user left. */
export type Answer<T> = T | typeof back | undefined;

export interface StepPosition {
  readonly title: string;
  readonly step: number;
  /** Absent where it depends on the answers: VS Code then shows the number of the step alone. */
  readonly totalSteps?: number;
}

/** One question; it gets the draft so far and gives the next one. */
export type Step<D> = (draft: D, place: StepPosition) => Promise<Answer<D>>;

export async function askSteps<D>(title: string, steps: readonly Step<D>[], start: D): Promise<D | undefined> {
  const drafts = [start];
  while (drafts.length <= steps.length) {
    const at = drafts.length - 1;
    const answer = await steps[at]!(drafts[at]!, { title, step: at + 1, totalSteps: steps.length });
    if (answer === undefined) return undefined;
    if (answer === back) drafts.pop();
    else drafts.push(answer);
  }
  return drafts.at(-1);
}

export interface PickOptions<T> {
  readonly placeholder: string;
  readonly items: readonly (QuickPickItem & { readonly value: T })[];
  /** The one that Enter takes. */
  readonly active?: T | undefined;
  /** Makes an item of what was typed where no item has that label. */
  readonly fromText?: (text: string) => QuickPickItem & { readonly value: T | undefined };
}

export function pick<T>(place: StepPosition, options: PickOptions<T>): Promise<Answer<T>> {
  type Item = QuickPickItem & { readonly value: T | undefined };
  const input = window.createQuickPick<Item>();
  Object.assign(input, place, { placeholder: options.placeholder, items: options.items, buttons: buttonsOf(place) });
  // Setting none would leave Enter without an effect; by itself the first is the active one.
  const active = input.items.filter(({ value }) => options.active !== undefined && value === options.active);
  if (active.length > 0) input.activeItems = active;
  const { fromText } = options;
  if (fromText) {
    input.onDidChangeValue((text) => {
      const known = text === '' || options.items.some(({ label }) => label === text);
      input.items = known ? options.items : [...options.items, fromText(text)];
    });
  }
  return answerOf<T>(input, (accept) =>
    input.onDidAccept(() => {
      // The item of a text comes a moment after the text: Enter may be faster.
      const value = input.selectedItems[0]?.value ?? (input.value === '' ? undefined : fromText?.(input.value).value);
      if (value !== undefined) accept(value);
    }),
  );
}

/** The question appears at once, and is busy until what it offers has been read. */
export async function pickRead<T>(
  place: StepPosition,
  waiting: string,
  read: () => Promise<PickOptions<T>>,
): Promise<Answer<T>> {
  const input = window.createQuickPick();
  Object.assign(input, place, { placeholder: waiting, busy: true, buttons: buttonsOf(place) });
  const left = answerOf<never>(input, () => undefined);
  try {
    const found = await Promise.race([read(), left]);
    // The next question takes the place of this one.
    return found === undefined || found === back ? found : await pick(place, found);
  } finally {
    input.dispose();
  }
}

export interface TextOptions {
  readonly prompt: string;
  readonly value: string;
  /** What is wrong with the text, in one sentence. */
  readonly fault: (text: string) => string | undefined;
}

export function askText(place: StepPosition, { prompt, value, fault }: TextOptions): Promise<Answer<string>> {
  const input = window.createInputBox();
  Object.assign(input, place, { prompt, value, buttons: buttonsOf(place) });
  // Not before something was typed: a fault takes the place of the question.
  const judge = () => {
    input.validationMessage = fault(input.value) ?? '';
  };
  input.onDidChangeValue(judge);
  return answerOf<string>(input, (accept) =>
    input.onDidAccept(() => {
      if (fault(input.value) === undefined) accept(input.value);
      else judge();
    }),
  );
}

function buttonsOf({ step }: StepPosition) {
  return step > 1 ? [QuickInputButtons.Back] : [];
}

/** Shows the input; looking away (to copy a name, say) does not end it. */
function answerOf<T>(
  input: QuickInput & { readonly onDidTriggerButton: (listener: (button: unknown) => void) => unknown },
  listen: (accept: (value: T) => void) => void,
): Promise<Answer<T>> {
  input.ignoreFocusOut = true;
  return new Promise((resolve) => {
    const settle = (answer: Answer<T>): void => {
      resolve(answer);
      input.dispose();
    };
    listen(settle);
    input.onDidTriggerButton((button) => {
      if (button === QuickInputButtons.Back) settle(back);
    });
    input.onDidHide(() => settle(undefined));
    input.show();
  });
}
