import type { Handler } from '../handler.ts';

/** A repository's own settings can name programs for git to run, so that git is asked only where the user trusts the workspace. */
export const revisions: Handler<'istioEgress/revisions'> = (session, { uri }) => ({
  revisions: session.gitFor(uri)?.revisions() ?? [],
});
