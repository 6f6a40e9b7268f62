// The report of Check Egress Is Closed as Markdown.
import { shellQuoted } from '../../../server/src/cluster/tools/command.ts';
import type { ClosedCheck, ClosedReport } from '../../../server/src/cluster/requests/egress-closed.ts';
import type { PodSummary } from '../../../server/src/cluster/objects/pods.ts';
import { remedyFor } from './remedy.ts';

export function reportMarkdown(report: ClosedReport, pod: PodSummary): string {
  const { context, from, takenAt, verdict, checks, summary } = report;
  const open = checks.filter((check) => check.what !== 'control' && check.verdict === 'open');
  return [
    `# Egress from ${from.namespace}/${from.pod}: ${titles[verdict]}`,
    '',
    summary,
    '',
    '| | |',
    '|---|---|',
    `| Context | ${cell(context)} |`,
    `| Namespace | ${cell(from.namespace)} |`,
    `| Pod | ${cell(from.pod)}, container ${cell(from.container)} |`,
    `| Service account | ${cell(pod.serviceAccount)} |`,
    `| In the mesh | ${meshes[pod.inMesh]} |`,
    `| Checked | ${takenAt} |`,
    '',
    '## Requests',
    '',
    '| Request | Must | Result | Why |',
    '|---|---|---|---|',
    ...checks.map(
      (check) =>
        `| ${cell(checkText(check))} | ${check.what === 'control' ? 'succeed' : 'fail'} | ${results(check)} | ${cell(check.why)} |`,
    ),
    ...(open.length > 0
      ? [
          '',
          '## What is open, and how to close it',
          '',
          ...open.map(
            (check) =>
              `- ${openWords[check.what]}: ${check.url}${check.address === undefined ? '' : ` at ${check.address}`}`,
          ),
          '',
          remedyFor(pod).text,
          '',
          '```yaml',
          (remedyFor(pod).manifest ?? '').trimEnd(),
          '```',
        ]
      : []),
    ...(verdict === 'undetermined'
      ? [
          '',
          '## Unknown',
          '',
          ...checks
            .filter((check) => check.verdict === 'undetermined')
            .map((check) => `- ${checkText(check)}: ${check.why}`),
        ]
      : []),
    '',
    'The result holds for this pod, these requests and this moment. Other requests may take another path.',
    '',
    '## Commands',
    '',
    '```',
    ...checks.flatMap(({ answer }) => (answer ? [shellQuoted(answer.command)] : [])),
    '```',
    '',
  ].join('\n');
}

const titles: Readonly<Record<ClosedReport['verdict'], string>> = {
  closed: 'closed',
  open: 'OPEN',
  undetermined: 'unknown',
};
const meshes: Readonly<Record<PodSummary['inMesh'], string>> = {
  ambient: 'ambient',
  sidecar: 'sidecar',
  no: 'no sidecar, no ztunnel capture',
};
const openWords: Readonly<Record<ClosedCheck['what'], string>> = {
  control: 'The request that must succeed',
  undeclared: 'A host that no ServiceEntry lists can be reached',
  around: 'The host can be reached without the gateway',
};

function checkText({ what, url, address }: ClosedCheck): string {
  return {
    control: `${url} (declared: must work, as a control)`,
    undeclared: `${url} (not declared)`,
    around: `${url} at ${address ?? '?'} (bypassing the gateway)`,
  }[what];
}

function results({ what, verdict }: ClosedCheck): string {
  if (verdict === 'undetermined') return 'unknown';
  if (what === 'control') return verdict === 'open' ? '✔ got a response' : '✘ no response';
  return verdict === 'open' ? '✘ **open**' : '✔ closed';
}

function cell(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replace(/[\r\n]+/g, ' ');
}
