import {
  child,
  childMap,
  eachMap,
  isNull,
  isTrue,
  number,
  numberField,
  optionalTextList,
  setKeys,
  text,
  textField,
  textList,
  textMap,
  type Maybe,
} from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import { isHostHeader } from './route.ts';
import type {
  HttpMatch,
  MirrorDestination,
  RouteDestination,
  TextMatch,
  VirtualServiceMatch,
  VirtualServiceRoute,
  VirtualServiceSpec,
} from './route-specs.ts';

export function readVirtualService(root: YamlMap): VirtualServiceSpec {
  const spec = childMap(root, 'spec');
  return {
    hosts: textList(spec, 'hosts'),
    gateways: textList(spec, 'gateways'),
    exportTo: optionalTextList(spec, 'exportTo'),
    http: eachMap(spec, 'http', readRoute),
    tls: eachMap(spec, 'tls', readRoute),
    tcp: eachMap(spec, 'tcp', readRoute),
  };
}

function readRoute(item: YamlMap): VirtualServiceRoute {
  const mirror = childMap(item, 'mirror');
  const mirrors = eachMap(item, 'mirrors', readMirror);
  const delegate = childMap(item, 'delegate');
  const redirect = child(item, 'redirect');
  const response = child(item, 'directResponse');
  return {
    span: item.span,
    matches: eachMap(item, 'match', readMatch),
    destinations: eachMap(item, 'route', readWeighted),
    mirrors: mirror === undefined ? mirrors : [{ ...readDestination(mirror, item), share: ownShare(item) }, ...mirrors],
    delegate: delegate && { name: text(delegate, 'name'), namespace: text(delegate, 'namespace') },
    terminal: !isNull(redirect) || !isNull(response),
    redirect: isNull(redirect) ? undefined : (number(redirect, 'redirectCode') ?? 301),
    directResponse: isNull(response) ? undefined : (number(response, 'status') ?? 0),
    hostRewrite: text(child(item, 'rewrite'), 'authority') || hostHeader(item),
    abort: readAbort(child(child(item, 'fault'), 'abort')),
    ...rewriteOf(child(item, 'rewrite')),
  };
}

/** A regular expression overrides a prefix. istio@86c9f01 pilot/pkg/networking/core/route/route.go applyHTTPRouteDestination. */
function rewriteOf(rewrite: Maybe): Pick<VirtualServiceRoute, 'pathRewrite'> {
  if (!isNull(child(rewrite, 'uriRegexRewrite'))) return { pathRewrite: { how: 'regex' } };
  const uri = text(rewrite, 'uri');
  return uri ? { pathRewrite: { how: 'prefix', value: uri } } : {};
}

/** Without a percentage nothing is aborted. istio@86c9f01 pilot/pkg/networking/core/route/route.go TranslateFault. */
function readAbort(abort: Maybe): VirtualServiceRoute['abort'] {
  const share = percentage(abort, 'percentage') ?? 0;
  if (isNull(abort) || share <= 0) return undefined;
  const grpc = text(abort, 'grpcStatus') || undefined;
  return { status: number(abort, 'httpStatus') ?? (grpc === undefined ? undefined : 200), grpc, share };
}

const notHttp: ReadonlySet<string> = new Set([
  'port',
  'gateways',
  'sniHosts',
  'sourceLabels',
  'sourceNamespace',
  'sourceSubnet',
  'destinationSubnets',
  'name',
  'statPrefix',
]);

function readMatch(item: YamlMap): VirtualServiceMatch {
  return {
    span: item.span,
    port: number(item, 'port'),
    gateways: textList(item, 'gateways'),
    sniHosts: textList(item, 'sniHosts'),
    destinationSubnets: textList(item, 'destinationSubnets'),
    sourceLabels: textMap(childMap(item, 'sourceLabels')),
    sourceNamespace: textField(item, 'sourceNamespace'),
    http: setKeys(item).some((key) => !notHttp.has(key)) ? readHttp(item) : undefined,
  };
}

function readHttp(item: YamlMap): HttpMatch {
  return {
    uri: readText(child(item, 'uri')),
    ignoreUriCase: isTrue(item, 'ignoreUriCase'),
    method: readText(child(item, 'method')),
    scheme: readText(child(item, 'scheme')),
    authority: readText(child(item, 'authority')),
    headers: readTexts(child(item, 'headers')),
    withoutHeaders: readTexts(child(item, 'withoutHeaders')),
    queryParams: readTexts(child(item, 'queryParams')),
  };
}

const nothing: ReadonlyMap<string, TextMatch> = new Map();

function readTexts(node: Maybe): ReadonlyMap<string, TextMatch> {
  if (node?.kind !== 'map' || node.entries.length === 0) return nothing;
  return new Map(
    node.entries.map(({ key, value }) => [String(key.value), readText(value) ?? { how: 'any', value: '' }]),
  );
}

/** `{}`, and `*` as a regular expression, match any present value. istio@86c9f01 .../route/route.go canBeConvertedToPresentMatch. */
function readText(node: Maybe): TextMatch | undefined {
  if (node?.kind !== 'map') return undefined;
  for (const how of ['exact', 'prefix', 'regex'] as const) {
    const value = text(node, how);
    if (value !== undefined) return how === 'regex' && value === '*' ? { how: 'any', value: '' } : { how, value };
  }
  return { how: 'any', value: '' };
}

function readMirror(item: YamlMap): MirrorDestination {
  return { ...readWeighted(item), share: percentage(item, 'percentage') ?? 100 };
}

/** Of `mirror`. istio@86c9f01 pilot/pkg/networking/core/route/route.go MirrorPercent. */
function ownShare(item: YamlMap): number {
  const whole = number(item, 'mirrorPercent') ?? number(item, 'mirror_percent');
  return percentage(item, 'mirrorPercentage') ?? whole ?? 100;
}

/** Without a value, zero. */
function percentage(node: Maybe, key: string): number | undefined {
  const written = child(node, key);
  if (isNull(written)) return undefined;
  const value = child(written, 'value');
  return value?.kind === 'scalar' && typeof value.value === 'number' ? value.value : 0;
}

function readWeighted(item: YamlMap): RouteDestination {
  return readDestination(child(item, 'destination'), item);
}

function readDestination(node: Maybe, item: YamlMap): RouteDestination {
  return {
    host: textField(node, 'host'),
    subset: textField(node, 'subset'),
    port: numberField(child(node, 'port'), 'number'),
    weight: number(item, 'weight'),
    hostRewrite: hostHeader(item),
  };
}

/** `set` is applied before `add`. istio@86c9f01 .../route/route.go TranslateHeadersOperations. */
function hostHeader(item: YamlMap): string | undefined {
  const request = child(child(item, 'headers'), 'request');
  const named = (key: string) => setKeys(child(request, key)).find(isHostHeader);
  const [set, add] = [named('set'), named('add')];
  if (set !== undefined) return text(child(request, 'set'), set);
  return add === undefined ? undefined : text(child(request, 'add'), add);
}
