// All webviews. One that is not here is not restored after a reload of the window.
import type { Webview } from './kit/webview.ts';
import { accessView } from './access/view.ts';
import { egressMap } from './egress-map/view.ts';
import { gatewayLog } from './gateway-log/view.ts';
import { traceView } from './trace/view.ts';

export const webviews: readonly Webview[] = [egressMap, traceView, accessView, gatewayLog];
