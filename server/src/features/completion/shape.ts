// How a field is written: on its line, or below it.
export type Shape = 'scalar' | 'map' | 'list of scalars' | 'list of maps';

/** `type` is a description's. */
export function shapeOf(type: string): Shape {
  if (type === 'list of maps') return type;
  if (type.startsWith('list')) return 'list of scalars';
  return type.startsWith('map') ? 'map' : 'scalar';
}
