import { newestVersion, oldestVersion } from '../model/istio-releases.ts';

export function versionText(version: string): string {
  return `${version} (Istio ${oldestVersion} to ${newestVersion})\n`;
}
