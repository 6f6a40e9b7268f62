// What the user has chosen in the Egress Map; kept over reloads.
import {
  flag,
  listOf,
  MalformedInput,
  nullable,
  object,
  oneOf,
  text,
  type Reader,
} from '../../../../../server/src/lsp/protocol/read.ts';
import { noFilter, type GraphFilter } from '../../../../../server/src/diagram/filter.ts';

export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface MapState {
  /** The URI of a folder, `cluster` or `difference`; `null`: the first folder. */
  readonly source: string | null;
  readonly filter: GraphFilter;
  /** Cards that are folded or opened by hand. */
  readonly toggled: readonly string[];
  readonly asTable: boolean;
  /** `null`: the whole picture fits. */
  readonly viewport: Viewport | null;
}

export const initialState: MapState = { source: null, filter: noFilter, toggled: [], asTable: false, viewport: null };

const number: Reader<number> = (value, at) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new MalformedInput(at, 'a number', value);
  return value;
};

export const readState: Reader<MapState> = object<MapState>({
  source: nullable(text),
  filter: object<GraphFilter>({
    text,
    namespaces: listOf(text),
    verdicts: listOf(oneOf('all', 'some', 'none', 'undetermined')),
    onlyWithoutGateway: flag,
    onlyWithFindings: flag,
  }),
  toggled: listOf(text),
  asTable: flag,
  viewport: nullable(object<Viewport>({ x: number, y: number, scale: number })),
});
