// A fact that is worked out of nothing, for tests of what facts rest on.
import type { Fact, KnownKey } from '../../server/src/mesh/index/fact.ts';

export const factOf = (own: KnownKey): Fact => ({
  own,
  compute: () => undefined,
  steps: undefined,
  of: undefined,
  value: undefined,
  behind: [],
  doubt: 'none',
  changedAt: 0,
  checkedAt: 0,
});
