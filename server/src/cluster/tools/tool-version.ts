// The version of the user's istioctl. A version older than the mesh may create a different Gateway.
import { succeeded, type Run } from './command.ts';
import { parseJson, stringAt } from './parse-json.ts';
import { istioctl, read, type Limits, type Target } from './target.ts';

/** As istioctl writes it: `1.31.0`. Undefined if it does not say. Does not contact a cluster. */
export async function readIstioctlVersion(run: Run, target: Target, limits: Limits = {}): Promise<string | undefined> {
  const result = await read(run, istioctl(target, 'version', '--remote=false', '--output=json'), limits);
  return succeeded(result) ? stringAt(parseJson(result.stdout), 'clientVersion', 'version') : undefined;
}

/** Whether its minor version is surely lower. */
export function isOlder(version: string | undefined, than: string | undefined): boolean {
  const [a, b] = [minorOf(version), minorOf(than)];
  return a !== undefined && b !== undefined && (a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]));
}

function minorOf(version: string | undefined): readonly [number, number] | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}
