// The targets of the measurements. A ratio is taken within one run on one machine; times are ceilings.

export interface Target {
  readonly what: string;
  readonly unit: '' | 'x' | 'ms' | 'B' | 'MB' | 'MB/s' | '%';
  /** Whether at most or at least this is good. */
  readonly is: 'most' | 'least';
  readonly limit: number;
}

const most = (what: string, limit: number, unit: Target['unit']): Target => ({ what, limit, unit, is: 'most' });
const least = (what: string, limit: number, unit: Target['unit']): Target => ({ what, limit, unit, is: 'least' });

export const targets = {
  'G1 p99': most('edit to diagnostics, 2,000 lines in a large folder, p99', 16, 'ms'),
  'G1 median': most('the same, median of 3 runs', 8, 'ms'),
  G2: most('p50 of an edit, against an echo server', 2.5, 'x'),
  'G3 156': least('yaml-language-server against ours, 156 lines', 150, 'x'),
  'G3 2000': least('the same, 2,000 lines', 200, 'x'),
  'G3 5 MB': least('the same, 5 MB', 400, 'x'),
  'G4 156': least('the same without its delay, 156 lines', 4, 'x'),
  'G4 2000': least('the same without its delay, 2,000 lines', 40, 'x'),
  G5: most('edit in a file of 5 MB, p99', 16, 'ms'),
  'G6 folder': most('p50 of an edit in the large folder, against a folder of 2 files', 1.5, 'x'),
  'G6 lines': most('p50 of an edit in 2,000 lines, against 156 lines', 1.25, 'x'),
  'G7 80': least('typing at 80 ms a key: answered within a frame', 99, '%'),
  'G7 150': least('typing at 150 ms a key: answered within a frame', 99, '%'),
  G8: most('edit to diagnostics while the folder is read, p99', 16, 'ms'),
  'G9 mixed': most('cold index, mixed files, against a bare read', 3, 'x'),
  'G9 relevant': most('cold index, only relevant files, against a bare read', 6, 'x'),
  G10: most('cold index, files not in memory, against reading them', 1.5, 'x'),
  'G11 mixed': least('cold index, mixed files', 80, 'MB/s'),
  'G11 relevant': least('cold index, only relevant files', 20, 'MB/s'),
  G12: least('istioctl analyze against index and all checks', 10, 'x'),
  'G13 raw': most('start to initialize, against a server without a library', 2, 'x'),
  'G13 peer': most('start to initialize, against yaml-language-server', 0.45, 'x'),
  version: most('--version, against node -e 0', 1.3, 'x'),
  story: most('check of the story, against node -e 0', 1.6, 'x'),
  'story istioctl': most('check of the story, against istioctl analyze', 1.6, 'x'),
  'G14 heap': most('heap for a resource of a closed file, index alone', 300, 'B'),
  'G14 checked': most('the same after all checks', 300, 'B'),
  'G14 server': most('memory of the server with the large folder', 150, 'MB'),
  'G15 differences': most("differences between the fast parser and `yaml` in Istio's own files", 0, ''),
  'G15 coverage': least('documents without templates that the fast parser reads', 98, '%'),
} as const satisfies { readonly [id: string]: Target };

export type TargetId = keyof typeof targets;

export function isMet({ is, limit }: Target, measured: number): boolean {
  return is === 'most' ? measured <= limit : measured >= limit;
}
