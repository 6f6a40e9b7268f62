// Values of headers with Envoy's variables in them: `%VAR%`, `%VAR(argument)%`, and `%%` for the character. istio@86c9f01
// pkg/config/validation/header_value_validator.go validateHeaderValue.

type State = 'literal' | 'name' | 'array' | 'string' | 'text' | 'delimiter' | 'arguments' | 'end';

/** Undefined where a character does not fit. */
const after: Readonly<Record<Exclude<State, 'literal' | 'text'>, (character: string) => State | undefined>> = {
  name: (character) => (character === '%' ? 'literal' : character === '(' ? 'array' : 'name'),
  array: (character) => (character === '[' ? 'string' : character === ' ' ? 'array' : 'text'),
  string: (character) => (character === '"' ? 'text' : character === ' ' ? 'string' : undefined),
  delimiter: (character) => (({ ',': 'string', ']': 'arguments', ' ': 'delimiter' }) as const)[character],
  arguments: (character) => (({ ')': 'end', ' ': 'arguments' }) as const)[character],
  end: (character) => (({ '%': 'literal', ' ': 'end' }) as const)[character],
};

export function isHeaderValue(value: string): boolean {
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
    } else state = after[state](character);
  }
  return state === 'literal';
}
