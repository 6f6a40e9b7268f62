// The policies of a waypoint or egress gateway in words.
import { enumerate, linkByName, type Words } from './fact-wording.ts';
import type { GatewayCallers } from './service-entry.ts';

/** Who may call by these policies, all of one proxy. */
export function sayPolicies({ policies, exhaustive }: Pick<GatewayCallers, 'policies' | 'exhaustive'>): Words {
  const enforced = policies.filter(({ dryRun }) => !dryRun);
  const dry = policies.filter(({ dryRun }) => dryRun);
  const also: Words =
    dry.length === 0 ? [] : ['; dry run: ', ...enumerate(dry.map(({ policy }) => linkByName(policy)))];
  const perhaps = exhaustive ? '' : ' (as far as these files show)';
  if (enforced.length === 0) return [`anyone${perhaps}; no policy is enforced`, ...also];
  const names = enumerate(
    enforced.map(({ policy, action }) => ({ ...linkByName(policy), text: `${action} ${linkByName(policy).text}` })),
  );
  const allows = enforced.some(({ action }) => action === 'ALLOW');
  return [
    `${allows ? 'only clients that a policy allows' : 'anyone that no policy denies'}${perhaps}: `,
    ...names,
    ...also,
  ];
}
