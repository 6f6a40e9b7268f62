/** Path of a field from the root of a document or resource, e.g. `['spec', 'ports', 0, 'targetPort']`. */
export type FieldPath = readonly (string | number)[];
