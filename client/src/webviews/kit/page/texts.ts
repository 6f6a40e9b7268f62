// `l10n.t` for pages, as the extension's: VS Code's own is not there. The texts come with the page.

let texts: Readonly<Record<string, string>> = {};

export function useTexts(given: Readonly<Record<string, string>>): void {
  texts = given;
}

export const l10n = {
  /** `{0}` in the text is the first argument. */
  t(message: string, ...args: readonly (string | number)[]): string {
    const found = Object.hasOwn(texts, message) ? texts[message]! : message;
    return found.replace(/\{(\d+)\}/g, (whole, index) => String(args[Number(index)] ?? whole));
  },
};
