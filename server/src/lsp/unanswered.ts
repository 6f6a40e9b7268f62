// Why a request gets no answer, where that is no fault of the server's.

/** An edit came while a handler waited, so that what it found so far is no longer true. */
export class ContentModified extends Error {}

/** The request cannot be answered, for a reason that the user should read. */
export class RequestRefused extends Error {}

/** The client took its question back. */
export class NoLongerWanted extends Error {}
