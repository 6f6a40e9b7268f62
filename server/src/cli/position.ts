// Positions in files, as outputs print them.
import { visibleLine } from '../base/visible.ts';
import type { Span } from '../base/span.ts';
import { placesIn, type PlacedSpan } from '../engine/places.ts';
import type { Resource } from '../model/resource.ts';
import { displayPath } from './display-path.ts';
import type { CliHost } from './host.ts';
import type { Loaded } from './load.ts';

export interface Placed extends Omit<PlacedSpan, 'uri'> {
  readonly file: string;
}

export type Placer = ReturnType<typeof placer>;

/** Of a workspace, or of a draft of one. */
export function placer(
  loaded: Pick<Loaded, 'textOf' | 'toSource'> & { readonly workspace: Pick<Loaded['workspace'], 'documentAt'> },
  host: Pick<CliHost, 'cwd' | 'toPath'>,
): (resource: Resource, span: Span) => Placed {
  const place = placesIn(loaded.workspace, loaded);
  return (resource, span) => {
    const { uri, ...rest } = place(resource, span);
    return { file: displayPath(uri, host), ...rest };
  };
}

/** 1-based, as editors and terminals write it. */
export function placeText({ file, range }: Pick<Placed, 'file' | 'range'>): string {
  return `${visibleLine(file)}:${range.start.line + 1}:${range.start.character + 1}`;
}
