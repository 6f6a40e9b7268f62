// What the profiles take from the meshes that all have.
export { entries, frame, maybe, rules, some } from '../manifests.ts';
export type { Manifest } from '../manifests.ts';
export { policies } from '../policies.ts';
