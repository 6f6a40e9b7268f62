export function differs(what: string, ours: string | undefined, theirs: string | undefined): readonly string[] {
  return ours === theirs ? [] : [`${what}: trace ${ours ?? 'none'}, bytes ${theirs ?? 'none'}`];
}
