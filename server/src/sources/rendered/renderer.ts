// The interface of a host that can run helm and kustomize.
import type { RenderJob } from './plan-renderings.ts';

/** `why` is the tool's own words, or a sentence about the tool. */
export type Rendered = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

/** Never rejects. `namespace` is that of objects which name none. */
export type Renderer = (job: RenderJob, namespace: string) => Promise<Rendered>;
