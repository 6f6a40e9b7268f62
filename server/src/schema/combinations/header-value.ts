// Values of headers with Envoy's variables in them: `%VAR%`, `%VAR(argument)%`, and `%%` for the character. istio@86c9f01
// pkg/config/validation/header_value_validator.go validateHeaderValue.

type State = 'literal' | 'name' | 'array' | 'string' | 'text' | 'delimiter' | 'arguments' | 'end';

/** Matches the characters that are not listed; without it they do not match. */
const other = 'other';

/** The state after a character. */
const after: Readonly<Record<Exclude<State, 'literal' | 'text'>, Readonly<Record<string, State>>>> = {
  name: { '%': 'literal', '(': 'array', [other]: 'name' },
  array: { '[': 'string', ' ': 'array', [other]: 'text' },
  string: { '"': 'text', ' ': 'string' },
  delimiter: { ',': 'string', ']': 'arguments', ' ': 'delimiter' },
  arguments: { ')': 'end', ' ': 'arguments' },
  end: { '%': 'literal', ' ': 'end' },
};

export function isHeaderValue(value: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return false;
  let state = 'literal' as State | undefined;
  for (let i = 0; i < value.length && state !== undefined; i++) {
    const character: string = value[i]!;
    if (state === 'literal') {
      if (character !== '%') continue;
      if (value[i + 1] === '%') i++;
      else state = i + 1 < value.length ? 'name' : undefined;
    } else if (state === 'text') {
      if (character === '\\') {
        if (++i >= value.length) state = undefined;
      } else if (character === ')') state = 'end';
      else if (character === '"') state = 'delimiter';
    } else state = after[state][character] ?? after[state][other];
  }
  return state === 'literal';
}
