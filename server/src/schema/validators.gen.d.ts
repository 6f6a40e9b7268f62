/** One fault, as ajv names it. */
export interface ValidatorError {
  /** JSON pointer of the value. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params?: { readonly missingProperty?: string; readonly additionalProperty?: string; readonly since?: string };
}

/** True where the value is as the schema wants it, else `errors` holds every fault. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidatorError[] | null;
}

/** The validators by schema, `/` and other signs written `_`; the first call makes them. */
export function loadValidators(): Readonly<Record<string, Validator>>;
