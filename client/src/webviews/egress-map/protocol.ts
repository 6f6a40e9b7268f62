// The messages of the Egress Map.
import { listOf, object, text } from '../../../../server/src/lsp/protocol/read.ts';
import { range, type Evidence } from '../../../../server/src/lsp/protocol/shared.ts';
import type { Protocol } from '../kit/protocol.ts';

export interface MapRow {
  readonly gateway: string;
  readonly host: string;
  readonly ports: string;
  readonly place: Place;
}

type Place = Pick<Evidence, 'uri' | 'range'>;

interface ToPage {
  readonly rows: readonly MapRow[];
}

interface ToHost {
  readonly open: Place;
}

const place = object<Place>({ uri: text, range });

export const egressMapProtocol: Protocol<ToPage, ToHost> = {
  name: 'egress-map',
  toPage: { rows: listOf(object<MapRow>({ gateway: text, host: text, ports: text, place })) },
  toHost: { open: place },
};
