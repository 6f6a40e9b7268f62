// What a shape of a mesh is, and the files that it is made of.

export interface ShapeFile {
  readonly uri: string;
  readonly text: string;
}

export interface Shape {
  readonly name: string;
  /** About so many resources. */
  readonly files: (resources: number) => readonly ShapeFile[];
  /** What is edited, and its text after an edit that changes an answer; even and odd edits differ. */
  readonly edit: (resources: number, edit: number) => ShapeFile;
  /** A client and a host that it calls. */
  readonly request: { readonly from: string; readonly url: string };
}

const uriOf = (name: string | number) => `file:///shape/${name}.yaml`;
export const file = (name: string | number, ...manifests: readonly string[]): ShapeFile => ({
  uri: uriOf(name),
  text: manifests.join('---\n'),
});
export const times = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: Math.max(1, Math.floor(count)) }, (_, i) => make(i));

export const modeOf = (edit: number) => (edit % 2 === 0 ? 'DISABLE' : 'SIMPLE');
