/** `a`, `a and b`, `a, b and c`, `a, b and 3 more`. */
export function andMore(names: readonly (string | number)[]): string {
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return shown.length < 2 ? String(shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
