// CEL rules about one filter of a route: sigs.k8s.io/gateway-api apis/v1/httproute_types.go.
import { refused, refusedKey, type Fault } from './combination-check.ts';
import { uniqueItems } from './gateway-lists.ts';
import { each, field, has, isText, number, text, type Place } from './field-place.ts';

const origin = /^\*$|^https?:\/\/(?:(?:\*\.)?(?:[a-zA-Z0-9-]+\.)*[a-zA-Z0-9-]+|\*)(?::\d{1,5})?$/;

/** What one filter says, whatever its type. */
export function* insideFilter(filter: Place): Generator<Fault> {
  for (const name of ['requestHeaderModifier', 'responseHeaderModifier']) {
    for (const list of ['set', 'add', 'remove']) yield* uniqueItems(field(filter, name, list));
  }
  yield* corsFaults(field(filter, 'cors'));
  yield* externalAuthFaults(field(filter, 'externalAuth'));
  yield* mirrorFaults(field(filter, 'requestMirror'));
  for (const path of [field(filter, 'requestRedirect', 'path'), field(filter, 'urlRewrite', 'path')])
    yield* pathFaults(path);
}

/** The field of the filter's own type is required, and those of all other types are not allowed. */
export function* filterFieldFaults(
  filter: Place,
  type: string,
  fieldOfFilter: Readonly<Record<string, string>>,
): Generator<Fault> {
  const own = fieldOfFilter[type];
  if (own === undefined) return;
  if (!field(filter, own).node) yield refused(field(filter, 'type'), `A filter of type ${type} needs \`${own}\`.`);
  for (const other of Object.values(fieldOfFilter))
    if (other !== own && field(filter, other).node)
      yield refusedKey(field(filter, other), `A filter of type ${type} must not have \`${other}\`.`);
}

function* corsFaults(cors: Place): Generator<Fault> {
  for (const name of ['allowOrigins', 'allowMethods', 'allowHeaders', 'exposeHeaders']) {
    const list = field(cors, name);
    yield* uniqueItems(list);
    const odd =
      name === 'allowOrigins' ? each(list).find((item) => isText(item) && !origin.test(text(item))) : undefined;
    if (odd) yield refused(odd, `"${text(odd)}" is not a valid origin: write https://HOST or https://HOST:PORT.`);
    const star =
      each(list).length > 1 && name !== 'exposeHeaders' ? each(list).find((item) => text(item) === '*') : undefined;
    if (star) yield refused(star, `\`*\` must be the only item in \`${name}\`.`);
  }
}

function* externalAuthFaults(auth: Place): Generator<Fault> {
  for (const [protocol, own] of [
    ['GRPC', 'grpc'],
    ['HTTP', 'http'],
  ] as const) {
    if (text(auth, 'protocol') === protocol && !field(auth, own).node)
      yield refused(field(auth, 'protocol'), `The protocol ${protocol} needs \`${own}\`.`);
    if (has(auth, 'protocol') && text(auth, 'protocol') !== protocol && field(auth, own).node)
      yield refusedKey(field(auth, own), `\`${own}\` is allowed only with protocol ${protocol}.`);
    for (const name of ['allowedHeaders', 'allowedResponseHeaders']) yield* uniqueItems(field(auth, own, name));
  }
}

function* mirrorFaults(mirror: Place): Generator<Fault> {
  if (field(mirror, 'percent').node && field(mirror, 'fraction').node)
    yield refusedKey(field(mirror, 'fraction'), 'Only one of `percent` and `fraction` may be set.');
  if ((number(mirror, 'fraction', 'numerator') ?? 0) > (number(mirror, 'fraction', 'denominator') ?? 100))
    yield refused(field(mirror, 'fraction', 'numerator'), 'A fraction must not be above 1.');
}

function* pathFaults(path: Place): Generator<Fault> {
  for (const [type, own] of [
    ['ReplaceFullPath', 'replaceFullPath'],
    ['ReplacePrefixMatch', 'replacePrefixMatch'],
  ] as const) {
    if (text(path, 'type') === type && !field(path, own).node)
      yield refused(field(path, 'type'), `The type ${type} needs \`${own}\`.`);
    if (text(path, 'type') !== '' && text(path, 'type') !== type && field(path, own).node)
      yield refusedKey(field(path, own), `\`${own}\` is allowed only with type ${type}.`);
  }
}
