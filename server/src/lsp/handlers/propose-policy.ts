import { parseRequest } from '../../eval/trace/parse-request.ts';
import { trace as traceIn } from '../../eval/trace/trace.ts';
import { proposeForRequest } from '../../eval/log/propose-for-request.ts';
import { proposalYaml } from '../../features/proposal-yaml.ts';
import type { Handler } from '../handler.ts';

export const proposePolicy: Handler<'istioEgress/proposePolicy'> = (session, { uri, method, sni, ...words }) => {
  const request = parseRequest({ ...words, method: method || undefined, sni: sni || undefined });
  if ('problem' in request) return request;
  const { mesh } = session.workspaceFor(uri);
  const proposal = proposeForRequest(mesh, request, traceIn(mesh, request));
  return {
    proposal: proposal ? { title: proposal.title, yaml: proposalYaml(proposal), fill: proposal.fill } : null,
  };
};
