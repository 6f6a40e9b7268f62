// The meshes of trace pages about sidecars and egress gateways, Istio's published ways among them, as meshes that bytes can go through.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, parse } from 'yaml';
import { groupBy } from '../../../server/src/base/group-by.ts';
import { readTracePage, type TraceCase } from '../../kit/trace-page.ts';
import type { Manifest } from '../../oracle/manifests.ts';
import type { ClassicRequest, ClassicSample } from '../../oracle/classic/sample.ts';
import { gatewayLabels, realAddresses, rootNamespace, world } from '../../oracle/classic/world.ts';

export interface PageMesh {
  readonly heading: string;
  readonly sample: ClassicSample;
}

const pages = join(import.meta.dirname, '../../pages/trace');

/** Of each heading, with the first of its requests. */
export function meshesOfPage(page: string): readonly PageMesh[] {
  const cases = readTracePage(readFileSync(join(pages, page), 'utf8'));
  return [...groupBy(cases, ({ heading }) => heading)].map(([heading, [first]]) => ({
    heading,
    sample: sampleOf(first),
  }));
}

function sampleOf({ files, meshConfig, request }: TraceCase): ClassicSample {
  const own = Object.values(files).flatMap((text) =>
    parseAllDocuments(inOurWorld(text)).map((one) => one.toJS() as Manifest),
  );
  return sampleWith(own, { mesh: (parse(meshConfig) ?? {}) as Manifest, requests: [calledBy(request), ...usual] });
}

/** The manifests in the world of clients with sidecars; what that has already counts as it is there. */
export function sampleWith(
  own: readonly Manifest[],
  {
    mesh = {},
    gatewayNamespace = rootNamespace,
    requests,
  }: Pick<ClassicSample, 'requests'> & Partial<Pick<ClassicSample, 'mesh' | 'gatewayNamespace'>>,
): ClassicSample {
  const { manifests, running } = world(gatewayNamespace);
  return {
    manifests: [...manifests, ...own.filter((one) => !manifests.some((other) => nameOf(other) === nameOf(one)))],
    running,
    gatewayNamespace,
    gatewayLabels,
    mesh: { ...mesh, accessLogFile: '/dev/stdout' },
    requests,
  };
}

function nameOf({ kind, metadata }: Manifest): string {
  const { namespace, name } = metadata as { readonly namespace?: string; readonly name: string };
  return `${kind as string} ${namespace ?? ''}/${name}`;
}

/** Its client and its hosts are those that this world has. */
function inOurWorld(text: string): string {
  return text
    .replaceAll(/\bshop\b/g, 'apps')
    .replaceAll(/\breader\b/g, 'client-apps')
    .replaceAll(/\b(?:news|api|proxy)\.example\.com\b/g, 'a.example.com')
    .replaceAll('mysql.example.com', 'b.example.com')
    .replaceAll('mail.example.com', 'wild.example.net')
    .replaceAll('smtp.wild', 'x.wild')
    .replaceAll('192.0.2.7', realAddresses['a.example.com']!);
}

function calledBy(request: string): ClassicRequest {
  const url = new URL(inOurWorld(request.split(' ').at(-1)!));
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const port = url.port === '' ? { http: 80, https: 443 }[scheme] : Number(url.port);
  return { namespace: 'apps', scheme, host: url.hostname, port, path: url.pathname };
}

const usual: readonly ClassicRequest[] = [
  { namespace: 'apps', scheme: 'http', host: 'a.example.com', port: 80, path: '/' },
  { namespace: 'apps', scheme: 'https', host: 'a.example.com', port: 443, path: '/' },
  { namespace: 'other', scheme: 'https', host: 'a.example.com', port: 443, path: '/' },
  { namespace: 'apps', scheme: 'tcp', host: 'unknown.example.io', port: 9000, path: '/' },
];
