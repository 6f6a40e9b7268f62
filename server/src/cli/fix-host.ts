import type { FixHost } from '../engine/apply-fix.ts';
import type { CliHost } from './host.ts';
import type { Loaded } from './load.ts';

/** What changes of the manifests of a run are worked out from: nothing is written. */
export function fixHostOf({ workspace, textOf }: Loaded, host: CliHost): FixHost {
  return {
    textOf,
    documentAt: (document) => workspace.documentAt(document),
    exists: (uri) => host.isPresent(host.toPath(uri)),
  };
}

/** The same for thousands of fixes, where a text that is written gives its document another id before the next fix is worked out. */
export function fixHostWithTrees(loaded: Loaded, host: CliHost): FixHost {
  const { parsed } = loaded.workspace;
  return { ...fixHostOf(loaded, host), treeOf: (document, text) => parsed.of(document, () => text)?.tree };
}
