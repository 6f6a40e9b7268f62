// Texts of files, clusters and logs as people see them: what would act on a terminal, a log reader or the order of letters is shown escaped.

/**
 * Control characters, marks of direction, invisible characters and separators of lines. Joiners of letters are among them:
 * no name or host that Kubernetes takes has any.
 */
const acting =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]|[\u{e0000}-\u{e007f}]/gu;

const short: Readonly<Record<string, string | undefined>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** For a text that is one line, or a part of one. */
export function visibleLine(text: string): string {
  return text.replace(acting, escaped);
}

/** For a text of several lines: their ends, and tabs, stay. */
export function visibleText(text: string): string {
  return text.replace(acting, (char, at: number) => {
    const staysAsItIs = char === '\n' || char === '\t' || (char === '\r' && text[at + 1] === '\n');
    return staysAsItIs ? char : escaped(char);
  });
}

/** For notifications: VS Code makes `[text](command:id)` in them a link that runs the command. */
export function visibleMessage(text: string): string {
  return visibleText(text).replaceAll('](', '] (');
}

/** JSON that says the same, without characters that act on a terminal. */
export function visibleJson(json: string): string {
  return json.replace(acting, (char) => (/[\n\r\t]/.test(char) ? char : utf16Escapes(char)));
}

function escaped(char: string): string {
  const point = char.codePointAt(0)!;
  return short[char] ?? (point < 256 ? `\\x${hex(point, 2)}` : `\\u{${hex(point, 4)}}`);
}

function utf16Escapes(char: string): string {
  return Array.from({ length: char.length }, (_, at) => `\\u${hex(char.charCodeAt(at), 4)}`).join('');
}

function hex(point: number, digits: number): string {
  return point.toString(16).padStart(digits, '0');
}
