// The TLS that a sidecar or an egress gateway originates by a DestinationRule.
import { takesCredential } from '../../mesh/clients/sidecar-scope.ts';
import type { AppliedRule } from '../../mesh/destination-rules/proxy-rules.ts';
import type { OwnTls } from './state.ts';

/** What the rule makes the proxy originate; undefined for plaintext and the mesh's own mTLS. */
export function tlsOriginatedBy(
  proxy: 'sidecar' | 'gateway',
  { rule, tls: { mode, tls, portLevel } }: Pick<Extract<AppliedRule, { state: 'rule' }>, 'rule' | 'tls'>,
): Extract<OwnTls, { state: 'originated' }> | undefined {
  if (!mode || !tls || (proxy === 'sidecar' && !takesCredential(rule, tls))) return undefined;
  return {
    state: 'originated',
    mode,
    source: { by: 'DestinationRule', rule, tls, portLevel },
    choice: { state: 'selected', rule },
  };
}
