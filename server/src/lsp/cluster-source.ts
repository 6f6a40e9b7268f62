// The cluster snapshot from the client: the texts of its objects, and a workspace with only these.
import { layCluster, withClusterSettings } from '../engine/cluster-layer.ts';
import { defaultSettings } from '../engine/settings.ts';
import { Workspace } from '../engine/workspace.ts';
import { clusterText, clusterUri, isClusterUri } from '../sources/cluster-files.ts';
import type { ClusterContent, ClusterObject } from '../model/cluster-content.ts';

export class ClusterSource {
  #known: ClusterContent | undefined;
  #objects = new Map<string, ClusterObject>();
  #alone: Workspace | undefined;

  get known(): ClusterContent | undefined {
    return this.#known;
  }

  set(known: ClusterContent | undefined): void {
    this.#known = known;
    this.#objects = new Map(known?.objects.map((object) => [decoded(clusterUri(known.context, object)), object]));
    this.#alone = undefined;
  }

  textOf(uri: string): string | undefined {
    const found = isClusterUri(uri) ? this.#objects.get(decoded(uri)) : undefined;
    return found && clusterText(found.object);
  }

  /** The cluster without the files; no rule runs there. Built on first use. */
  get alone(): Workspace | undefined {
    if (this.#known && !this.#alone) {
      const settings = withClusterSettings({ ...defaultSettings, completeKinds: [] }, this.#known);
      this.#alone = new Workspace({ rules: [], documentRules: [], settings, onRuleError: () => undefined });
      layCluster(this.#alone, this.#known.objects, this.#known.context);
      this.#alone.refresh();
    }
    return this.#alone;
  }
}

/** Editors write the same URI in more than one way. */
function decoded(uri: string): string {
  return decodeURIComponent(uri);
}
