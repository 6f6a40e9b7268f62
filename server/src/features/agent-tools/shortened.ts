// Answers to agents: what no model takes in is cut, whole items at a time, and the answer says how many are missing.

/** Characters of an answer; about a hundred thousand tokens. */
const mostCharacters = 400_000;

const howToAskForLess: Readonly<Record<string, string>> = {
  findings: 'Ask for one rule, or for fewer files.',
  rows: 'Ask for single hosts.',
};

/** The answer itself where it is short enough, and where it is not JSON. */
export function shortened(text: string): string {
  if (text.length <= mostCharacters) return text;
  const answer = objectIn(text);
  const longest = answer && longestList(answer);
  if (!answer || !longest) return text;
  const [name, items] = longest;
  const rest = { ...answer, [name]: [], omitted: 0 };
  const kept = itemsWithin(items, mostCharacters - JSON.stringify(rest).length);
  const omitted = items.length - kept.length;
  const why = `${omitted} of ${items.length} ${name} are omitted: the answer is too long. ${howToAskForLess[name] ?? ''}`;
  return `${JSON.stringify({ ...answer, [name]: kept, omitted, note: why.trim() })}\n`;
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined;
  const found: unknown = JSON.parse(text);
  return typeof found === 'object' && found !== null ? { ...found } : undefined;
}

function longestList(answer: Readonly<Record<string, unknown>>): readonly [string, readonly unknown[]] | undefined {
  const lists = Object.entries(answer).flatMap(([name, value]) =>
    Array.isArray(value) ? [[name, value, JSON.stringify(value).length] as const] : [],
  );
  const [longest] = lists.sort(([, , a], [, , b]) => b - a);
  return longest && [longest[0], longest[1]];
}

function itemsWithin(items: readonly unknown[], most: number): readonly unknown[] {
  let left = most;
  const end = items.findIndex((item) => {
    left -= JSON.stringify(item).length + 1;
    return left < 0;
  });
  return end === -1 ? items : items.slice(0, end);
}
