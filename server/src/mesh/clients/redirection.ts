// Whether the sidecar of a pod takes a connection that the pod makes: annotations of the pod, else the mesh's values, leave some out.
// server/docs/istio-semantics-classic.md §A.10 to §A.12; istio@86c9f01 tools/istio-iptables/pkg/capture/run.go.
import type { Span } from '../../base/span.ts';
import {
  excludeOutboundIpRanges,
  excludeOutboundPorts,
  includeOutboundIpRanges,
  includeOutboundPorts,
  interceptionMode,
} from '../../model/label-names.ts';
import { isIpAddress, isPrivate, rangeContains } from '../../names/addresses.ts';
import type { OutboundCapture } from '../settings.ts';
import type { Mesh } from '../mesh.ts';
import type { Workload } from './data-plane.ts';

export interface Dialled {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
}

interface Setting {
  /** Of the annotation, or of Istio's values. */
  readonly name: string;
  readonly value: string;
  /** Undefined for the mesh's values. */
  readonly at: { readonly resource: Workload; readonly span: Span } | undefined;
}

/** `isAssumed`: ranges are private, and the address of the name, which no file shows, is taken for a public one. */
export type Redirection =
  | { readonly state: 'taken'; readonly isAssumed: boolean; readonly by: Setting | undefined }
  | {
      readonly state: 'left-out';
      readonly because: 'port' | 'range' | 'range-not-included' | 'no-interception';
      readonly by: Setting;
      readonly isAssumed: boolean;
    }
  /** The pod runs as the user of the proxy. */
  | { readonly state: 'left-out'; readonly because: 'proxy-user'; readonly by: undefined; readonly isAssumed: false }
  /** The ranges decide, and the address of the name is in no file. */
  | { readonly state: 'unknown'; readonly by: Setting };

/** Excluded ports and ranges come before ports that are included, and these before included ranges. */
export function redirectionOf(mesh: Mesh, workload: Workload | undefined, dialled: Dialled): Redirection {
  if (workload?.spec.proxyUser) return { state: 'left-out', because: 'proxy-user', by: undefined, isAssumed: false };
  const mode = workload?.spec.annotations.get(interceptionMode);
  // Nothing is redirected: the application has to dial its sidecar. §A.13
  if (workload && mode?.value === 'NONE')
    return {
      state: 'left-out',
      because: 'no-interception',
      by: { name: interceptionMode, value: mode.value, at: { resource: workload, span: mode.span } },
      isAssumed: false,
    };
  const settings: SettingOf = (key) => settingOf(mesh, workload, key);
  const before = exclusion(settings, dialled);
  return before.state === 'taken' ? inclusion(settings, dialled, before) : before;
}

type SettingOf = (key: keyof OutboundCapture) => Setting | undefined;

function exclusion(settings: SettingOf, { host, port }: Dialled): Redirection {
  const ports = settings('excludePorts');
  if (ports && listed(ports, port)) return { state: 'left-out', because: 'port', by: ports, isAssumed: false };
  const ranges = settings('excludeRanges');
  if (!ranges) return { state: 'taken', isAssumed: false, by: undefined };
  const excluded = inRanges(ranges, host);
  if (excluded === 'yes') return { state: 'left-out', because: 'range', by: ranges, isAssumed: false };
  if (excluded === 'unknown') return { state: 'unknown', by: ranges };
  const isAssumed = excluded === 'no-if-public';
  return { state: 'taken', isAssumed, by: isAssumed ? ranges : undefined };
}

type Taken = Extract<Redirection, { state: 'taken' }>;

function inclusion(settings: SettingOf, { host, port }: Dialled, before: Taken): Redirection {
  const ports = settings('includePorts');
  const ranges = settings('includeRanges');
  if (!ranges || (ports && listed(ports, port))) return before;
  const included = inRanges(ranges, host);
  if (included === 'yes') return before;
  if (included === 'unknown') return { state: 'unknown', by: ranges };
  const isAssumed = before.isAssumed || included === 'no-if-public';
  return { state: 'left-out', because: 'range-not-included', by: ranges, isAssumed };
}

const names: Readonly<Record<keyof OutboundCapture, { readonly annotation: string; readonly value: string }>> = {
  excludePorts: { annotation: excludeOutboundPorts, value: 'global.proxy.excludeOutboundPorts' },
  excludeRanges: { annotation: excludeOutboundIpRanges, value: 'global.proxy.excludeIPRanges' },
  includePorts: { annotation: includeOutboundPorts, value: 'global.proxy.includeOutboundPorts' },
  includeRanges: { annotation: includeOutboundIpRanges, value: 'global.proxy.includeIPRanges' },
};

export const outboundAnnotations: readonly string[] = Object.values(names).map(({ annotation }) => annotation);

/** An annotation replaces the mesh's value. */
function settingOf(mesh: Mesh, workload: Workload | undefined, key: keyof OutboundCapture): Setting | undefined {
  const { annotation, value } = names[key];
  const own = workload?.spec.annotations.get(annotation);
  if (workload && own) return { name: annotation, value: own.value, at: { resource: workload, span: own.span } };
  const ofMesh = mesh.settings.outboundCapture?.[key];
  return ofMesh === undefined ? undefined : { name: value, value: ofMesh, at: undefined };
}

function itemsOf({ value }: Setting): readonly string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function listed(setting: Setting, port: number): boolean {
  return itemsOf(setting).some((item) => item === '*' || Number(item) === port);
}

/** The address of a name is in no file. */
function inRanges(setting: Setting, host: string): 'yes' | 'no' | 'no-if-public' | 'unknown' {
  const items = itemsOf(setting);
  if (items.length === 0) return 'no';
  if (items.some((item) => item === '*' || item === '0.0.0.0/0')) return 'yes';
  if (isIpAddress(host)) return items.some((item) => rangeContains(item, host)) ? 'yes' : 'no';
  return items.every(isPrivate) ? 'no-if-public' : 'unknown';
}
