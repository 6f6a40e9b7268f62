/** Half-open range of UTF-16 code units: `[start, end)`. What it counts from (a document or a file) is said where it is kept. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function contains(outer: Span, offset: number): boolean {
  return outer.start <= offset && offset <= outer.end;
}

export function overlaps(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}

export function shift(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}
