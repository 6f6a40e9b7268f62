import { defineRule, type Change } from '../rule.ts';
import { externalHostsOf, originates, tlsBlocksOf } from './faults/faults-of-rule.ts';

export const insecureSkipVerify = defineRule({
  id: 'insecure-skip-verify',
  stage: 'tls',
  summary:
    'Anyone on the network path can impersonate a host outside the mesh, because its certificate is not verified.',
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  inputs: ['ServiceEntry', 'Service', 'DestinationRule'],

  *check(rule, mesh) {
    const [on] = externalHostsOf(mesh, rule);
    for (const { tls, path } of on ? tlsBlocksOf(rule) : []) {
      if (!tls.insecureSkipVerify?.value || !originates(tls)) continue;
      yield {
        at: tls.insecureSkipVerify.key,
        message: `Anyone on the network path can impersonate ${on!.host}: its certificate is not verified.`,
        data: { path },
      };
    }
  },

  *fixes({ path }, rule) {
    const tls = tlsBlocksOf(rule).find((block) => block.path.join() === path.join())?.tls;
    // A name that is sent is compared with nothing unless it is listed, too.
    const names: Change[] =
      tls?.sni?.value && tls.subjectAltNames.length === 0
        ? [{ op: 'set', in: rule, path: [...path, 'subjectAltNames'], value: [tls.sni.value] }]
        : [];
    yield {
      title: 'Verify the certificate',
      safety: 'unsafe',
      changes: [{ op: 'remove', in: rule, path: [...path, 'insecureSkipVerify'] }, ...names],
    };
  },
});
