/** For `JSON.stringify`, which would leave out what is in maps. */
export function plainMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}
