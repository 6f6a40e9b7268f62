// Shows the Egress Map, the picture of what leaves the mesh.
import type { EgressCommand } from '../extension-context.ts';
import { egressMapProtocol } from '../webviews/egress-map/protocol.ts';

export const showMap: EgressCommand = {
  id: 'istioEgress.showMap',
  run: (egress) => egress.showWebview(egressMapProtocol),
};
