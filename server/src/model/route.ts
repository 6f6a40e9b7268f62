// The Gateway API's routes: HTTPRoute, GRPCRoute, TLSRoute and TCPRoute share the fields that matter here.
import { child, childMap, eachMap, number, numberField, text, textField, textList, type Maybe } from './read-field.ts';
import type { YamlMap } from '../yaml/node.ts';
import type {
  BackendRef,
  NamedMatch,
  ObjectRef,
  ParentRef,
  RouteFilter,
  RouteMatch,
  RouteSpec,
} from './route-specs.ts';

export function readRoute(root: YamlMap): RouteSpec {
  const spec = childMap(root, 'spec');
  return {
    parentRefs: eachMap(spec, 'parentRefs', readParentRef),
    hostnames: textList(spec, 'hostnames'),
    rules: eachMap(spec, 'rules', (rule) => ({
      span: rule.span,
      matches: eachMap(rule, 'matches', readMatch),
      backendRefs: eachMap(rule, 'backendRefs', readBackendRef),
      filters: eachMap(rule, 'filters', readFilter),
      hasTimeouts: ['timeouts', 'retry'].some((key) => child(rule, key) !== undefined),
    })),
  };
}

function readParentRef(item: YamlMap): ParentRef {
  return { ...readObjectRef(item), sectionName: textField(item, 'sectionName') };
}

function readBackendRef(item: YamlMap): BackendRef {
  return { ...readObjectRef(item), weight: number(item, 'weight'), filters: eachMap(item, 'filters', readFilter) };
}

function readObjectRef(item: YamlMap): ObjectRef {
  return {
    span: item.span,
    group: textField(item, 'group'),
    kind: textField(item, 'kind'),
    name: textField(item, 'name'),
    namespace: textField(item, 'namespace'),
    port: numberField(item, 'port'),
  };
}

/** The method of a GRPCRoute is a map, that of an HTTPRoute a text. */
function readMatch(item: YamlMap): RouteMatch {
  const path = childMap(item, 'path');
  const grpc = childMap(item, 'method');
  return {
    span: item.span,
    path: path && { type: text(path, 'type'), value: text(path, 'value') },
    method: text(item, 'method'),
    grpc: grpc && { type: text(grpc, 'type'), service: text(grpc, 'service'), method: text(grpc, 'method') },
    headers: eachMap(item, 'headers', readNamed),
    queryParams: eachMap(item, 'queryParams', readNamed),
  };
}

function readNamed(item: YamlMap): NamedMatch {
  return { type: text(item, 'type'), name: text(item, 'name') ?? '', value: text(item, 'value') ?? '' };
}

function readFilter(item: YamlMap): RouteFilter {
  const mirror = childMap(item, 'requestMirror');
  const backend = childMap(mirror, 'backendRef');
  return {
    type: text(item, 'type') ?? '',
    status: number(child(item, 'requestRedirect'), 'statusCode'),
    host: text(child(item, 'urlRewrite'), 'hostname') ?? hostHeader(child(item, 'requestHeaderModifier')),
    backendRef: backend && readBackendRef(backend),
    share: mirror && mirroredShare(mirror),
    ...pathRewriteOf(child(child(item, 'urlRewrite'), 'path')),
  };
}

/** istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go createRewriteFilter. */
function pathRewriteOf(path: Maybe): Pick<RouteFilter, 'pathRewrite'> {
  const prefix = text(path, 'replacePrefixMatch');
  const full = text(path, 'replaceFullPath');
  switch (text(path, 'type')) {
    case 'ReplacePrefixMatch':
      return { pathRewrite: { how: 'prefix', value: prefix?.replace(/\/$/, '') || '/' } };
    case 'ReplaceFullPath':
      return full === undefined ? {} : { pathRewrite: { how: 'full', value: full } };
    default:
      return {};
  }
}

/** istio@86c9f01 pilot/pkg/config/kube/gateway/conversion.go createMirrorFilter. */
function mirroredShare(mirror: YamlMap): number {
  const fraction = childMap(mirror, 'fraction');
  if (fraction) return (100 * (number(fraction, 'numerator') ?? 0)) / (number(fraction, 'denominator') ?? 100);
  return number(mirror, 'percent') ?? 100;
}

/** `set` is applied before `add`. istio@86c9f01 pilot/pkg/networking/core/route/route.go TranslateHeadersOperations. */
function hostHeader(modifier: Maybe): string | undefined {
  const named = (key: string) => eachMap(modifier, key, readNamed).find(({ name }) => isHostHeader(name))?.value;
  return named('set') ?? named('add');
}

/** Headers by which the Host is rewritten. istio@86c9f01 .../route/route.go isAuthorityHeader. */
export function isHostHeader(name: string): boolean {
  return /^(:authority|host)$/i.test(name);
}
