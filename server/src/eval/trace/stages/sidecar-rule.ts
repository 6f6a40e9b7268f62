// The DestinationRule that a client's sidecar applies, and its TLS.
import type { Mesh } from '../../../mesh/mesh.ts';
import { destinationRuleForSidecar, takesCredential } from '../../../mesh/clients/sidecar-scope.ts';
import { tlsOfRule } from '../../../mesh/destination-rules/upstream-tls.ts';
import { describe, type Resource } from '../../../model/resource.ts';
import { at, atName, end, fork, go, step, type OwnTls, type TraceState, type Turn } from '../state.ts';

type Rule = Resource<'DestinationRule'>;

/** With what rule, and so with what TLS, the sidecar sends a request whose destination is known. */
export function withRule(state: TraceState, mesh: Mesh, before: readonly ReturnType<typeof step>[]): Turn {
  const {
    request: { from },
    backend,
  } = state;
  const found = destinationRuleForSidecar(mesh, from.namespace, backend!.host, from.labels);
  if (found.state === 'none' || found.state === 'not-visible')
    return go(
      { ...state, tls: plain('no-rule') },
      ...before,
      step('destination', 'yes', 'No DestinationRule applies.'),
    );
  if (found.state === 'unknown')
    return stop(
      state,
      step(
        'destination',
        'unknown',
        `Which DestinationRule the sidecar applies to ${backend!.host} is not known from the files.`,
      ),
    );
  const merged = found.state === 'selected' ? [found] : found.candidates;
  if (merged.some(({ rule, policies }) => !rule || policies.length > 0))
    return stop(
      state,
      step(
        'destination',
        'unknown',
        `There is a BackendTLSPolicy for ${backend!.host}; this tool does not evaluate it for sidecars.`,
      ),
    );
  const rules = merged.flatMap(({ rule }) => (rule ? [rule] : []));
  const ways = rules.map((rule) => byRule(state, rule, rules.length > 1 ? [] : before));
  return ways.length === 1
    ? ways[0]!
    : fork(
        [
          ...before,
          step(
            'destination',
            'unknown',
            `${rules.map(describe).join(' and ')} have the same host: the one created first applies.`,
            ...rules.map(atName),
          ),
        ],
        {
          by: 'age',
          summary: `Which DestinationRule applies to ${backend!.host} depends on which was created first.`,
          ways,
        },
      );
}

function byRule(state: TraceState, rule: Rule, before: readonly ReturnType<typeof step>[]): Turn {
  const { mode, tls, portLevel, cause, span } = tlsOfRule(rule, state.backend!.port.number!.value);
  const place = at(rule, rule.spec.host?.span ?? rule.at.name);
  const current = step('destination', 'yes', `${describe(rule)} applies.`, place);
  if (cause === 'istio-mutual')
    return stop(
      state,
      step(
        'destination',
        'unknown',
        `${describe(rule)} requests the mesh's own mTLS; it is unknown whether the server supports it.`,
        at(rule, span),
      ),
    );
  const unusable = !takesCredential(rule, tls);
  if (mode && tls && !unusable) {
    const own: OwnTls = {
      state: 'originated',
      mode,
      source: { by: 'DestinationRule', rule, tls, portLevel },
      choice: { state: 'selected', rule, others: [] },
    };
    return go({ ...state, tls: own }, ...before, current);
  }
  const note = unusable
    ? [
        step(
          'destination',
          'no',
          `Sidecars read credentialName only in a rule with a workloadSelector, so no TLS is originated.`,
          at(rule, tls!.credentialName!.span),
        ),
      ]
    : [];
  return go(
    { ...state, tls: { ...plain(cause ?? 'no-tls'), at: { resource: rule, span } } },
    ...before,
    current,
    ...note,
  );
}

function plain(cause: Extract<OwnTls, { state: 'plain' }>['cause']): Extract<OwnTls, { state: 'plain' }> {
  return { state: 'plain', cause, at: undefined, choice: { state: 'none', others: [] } };
}

/** What the files do not decide. */
export function stop(state: TraceState, told: ReturnType<typeof step>): Turn {
  return end(state, [told], { verdict: 'undetermined', summary: told.message });
}
