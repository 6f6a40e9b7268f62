// The commands of every host. Their titles are in package.json.
import type { EgressCommand } from '../extension-context.ts';
import { checkWorkspace } from './check-workspace.ts';
import { compareAccess } from './compare-access.ts';
import { explainLogLine } from './explain-log-line.ts';
import { filterGatewayLogs, proposePolicy, showGatewayLogAsText, stopFollowingLogs } from './gateway-log.ts';
import { learnFromGatewayLogs } from './learn-from-gateway-logs.ts';
import { newManifest } from './new-manifest.ts';
import { newRoute } from './new-route.ts';
import { getStarted, openSample } from './open-sample.ts';
import { openResource } from './open-resource.ts';
import { refreshView } from './refresh-view.ts';
import { restartServer } from './restart-server.ts';
import { runTests } from './run-tests.ts';
import { showAccess, showAccessAsText } from './show-access.ts';
import { showDifference } from './show-difference.ts';
import { showLog } from './show-log.ts';
import { showMap } from './show-map.ts';
import { showOutput } from './show-output.ts';
import { traceRequest, traceRequestAsText } from './trace-request.ts';

export const commandsEverywhere: readonly EgressCommand[] = [
  checkWorkspace,
  compareAccess,
  explainLogLine,
  filterGatewayLogs,
  getStarted,
  learnFromGatewayLogs,
  newManifest,
  newRoute,
  openResource,
  openSample,
  proposePolicy,
  refreshView,
  restartServer,
  runTests,
  showAccess,
  showAccessAsText,
  showDifference,
  showGatewayLogAsText,
  showLog,
  showMap,
  showOutput,
  stopFollowingLogs,
  traceRequest,
  traceRequestAsText,
];
