import { missingCertificateFile } from '../../mesh/destination-rules/certificate-files.ts';
import { describe } from '../../model/resource.ts';
import { defineRule, type Change } from '../rule.ts';
import { appliedBlocks, firstOfEachBlock } from './applied/applied-blocks.ts';
import { tlsBlocksOf } from './faults/faults-of-rule.ts';
import { tlsInputs } from '../shared/inputs.ts';

export const certificatePathInWaypoint = defineRule({
  id: 'certificate-path-in-waypoint',
  stage: 'tls',
  summary: "Requests fail because a certificate is given by its file path, and a waypoint's pod has no such file.",
  severity: 'warning',
  since: '0.1.0',
  subjects: ['DestinationRule'],
  isOfIstioWaypoints: true,
  inputs: tlsInputs,

  *check(rule, mesh) {
    for (const {
      block: { tls, path },
      on,
      waypoint,
    } of firstOfEachBlock(appliedBlocks(mesh, rule))) {
      const file = missingCertificateFile(tls);
      if (file)
        yield {
          at: file.span,
          message: `TLS fails because the pods of ${describe(waypoint)} have no file ${file.value}: use credentialName instead.`,
          data: { path: [...path], host: on.host },
        };
    }
  },

  *fixes({ path, host }, rule) {
    const tls = tlsBlocksOf(rule).find((block) => block.path.join() === path.join())?.tls;
    if (!tls) return;
    const removal = (['clientCertificate', 'privateKey', 'caCertificates'] as const)
      .filter((field) => tls[field])
      .map((field): Change => ({ op: 'remove', in: rule, path: [...path, field] }));
    const name = `${host.replace(/^\*\./, '').replaceAll('.', '-')}-certificates`;
    yield {
      title: `Read them from the Secret ${name}`,
      safety: 'unsafe',
      changes: [...removal, { op: 'set', in: rule, path: [...path, 'credentialName'], value: name }],
    };
    if (tls.mode?.value === 'SIMPLE')
      yield { title: "Trust the system's certificate authorities", safety: 'unsafe', changes: removal };
  },
});
