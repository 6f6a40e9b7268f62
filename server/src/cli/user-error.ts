/** What the user can act on: printed as one line without a stack, and exit code 2. */
export class UserError extends Error {}

/** Wrong words on the command line. */
export class UsageError extends UserError {}
