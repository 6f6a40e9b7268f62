// Lists of the Gateway API whose items differ: sigs.k8s.io/gateway-api apis/v1/shared_types.go and the list types of its CRDs.
import { refused, refusedKey, type Fault, type Subject } from './combination-check.ts';
import { each, field, has, number, text, type Place } from './field-place.ts';

export function* parentRefs({ spec }: Subject): Generator<Fault> {
  const seen = new Map<string, Place[]>();
  for (const ref of each(spec, 'parentRefs')) {
    if (ref.node?.kind !== 'map') continue;
    const group = field(ref, 'group').node ? text(ref, 'group') : 'gateway.networking.k8s.io';
    const key = [group, text(ref, 'kind') || 'Gateway', text(ref, 'name'), text(ref, 'namespace')].join('/');
    const others = seen.get(key) ?? [];
    const section = text(ref, 'sectionName');
    const port = number(ref, 'port') ?? 0;
    const isSame = (other: Place) => text(other, 'sectionName') === section && (number(other, 'port') ?? 0) === port;
    const isUnlike = (other: Place) =>
      has(other, 'sectionName') !== (section !== '') || ((number(other, 'port') ?? 0) !== 0) !== (port !== 0);
    if (others.some(isSame))
      yield refusedKey(
        ref,
        `The parent ${text(ref, 'name')} is listed twice with the same \`sectionName\` and \`port\`.`,
      );
    else if (others.some(isUnlike))
      yield refusedKey(
        ref,
        `The parent ${text(ref, 'name')} is listed more than once: each item needs \`sectionName\`, or each needs \`port\`.`,
      );
    seen.set(key, [...others, ref]);
  }
}

export function* rulesOfRoute({ spec }: Subject): Generator<Fault> {
  yield* uniqueItems(field(spec, 'rules'));
  for (const session of each(spec, 'rules').map((rule) => field(rule, 'sessionPersistence'))) {
    const cookie = field(session, 'cookieConfig');
    if (text(cookie, 'lifetimeType') === 'Permanent' && !field(session, 'absoluteTimeout').node)
      yield refusedKey(cookie, 'A permanent cookie needs `absoluteTimeout`.');
    if (cookie.node && has(session, 'type') && text(session, 'type') !== 'Cookie')
      yield refusedKey(cookie, '`cookieConfig` is allowed only with type Cookie.');
  }
}

function nameOf(item: Place): string {
  if (item.node?.kind === 'map') return text(item, 'name');
  return item.node?.kind === 'scalar' ? String(item.node.value) : '';
}

/** Items are identified by their name, or by their value if they are not maps. */
export function* uniqueItems(list: Place): Generator<Fault> {
  const seen = new Set<string>();
  for (const item of each(list)) {
    const name = nameOf(item);
    if (name === '') continue;
    const at = item.node?.kind === 'map' ? field(item, 'name') : item;
    if (seen.has(name)) yield refused(at, `${name} is listed twice.`);
    seen.add(name);
  }
}
