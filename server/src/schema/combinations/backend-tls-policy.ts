// CEL rules of BackendTLSPolicy: sigs.k8s.io/gateway-api apis/v1/backendtlspolicy_types.go.
import { refused, refusedKey, type Check, type Fault, type Subject } from './combination-check.ts';
import { each, field, has, isText, text } from './field-place.ts';
import { isQualifiedName } from '../../names/kubernetes-names.ts';

export const backendTlsPolicyChecks: readonly Check[] = [targets, roots, names];

function* targets({ spec }: Subject): Generator<Fault> {
  const seen = new Map<string, string[]>();
  for (const ref of each(spec, 'targetRefs')) {
    if (ref.node?.kind !== 'map') continue;
    const key = ['group', 'kind', 'name'].map((name) => text(ref, name)).join('/');
    const section = text(ref, 'sectionName');
    const others = seen.get(key) ?? [];
    if (others.includes(section)) yield refusedKey(ref, `${text(ref, 'kind')} ${text(ref, 'name')} is targeted twice.`);
    else if (others.length > 0 && (section === '' || others.includes('')))
      yield refusedKey(
        ref,
        `${text(ref, 'kind')} ${text(ref, 'name')} is targeted more than once: each needs a \`sectionName\`.`,
      );
    seen.set(key, [...others, section]);
  }
}

function* roots({ spec }: Subject): Generator<Fault> {
  const validation = field(spec, 'validation');
  if (validation.node?.kind !== 'map') return;
  const [refs, known] = [has(validation, 'caCertificateRefs'), has(validation, 'wellKnownCACertificates')];
  const name = field(validation, 'wellKnownCACertificates');
  const isCertificates = (given: string) => given === 'System' || (given.includes('/') && isQualifiedName(given));
  if (isText(name) && !isCertificates(text(name)))
    yield refused(name, `"${text(name)}" is not a valid value: write System, or a name with a domain prefix.`);
  if (refs && known)
    yield refusedKey(
      field(validation, 'wellKnownCACertificates'),
      'Only one of `caCertificateRefs` and `wellKnownCACertificates` may be set.',
    );
  if (!refs && !known)
    yield refusedKey(
      validation,
      'The server cannot be verified: set `caCertificateRefs` or `wellKnownCACertificates`.',
    );
}

function* names({ spec }: Subject): Generator<Fault> {
  for (const name of each(spec, 'validation', 'subjectAltNames')) {
    const type = text(name, 'type');
    for (const [wanted, own] of [
      ['Hostname', 'hostname'],
      ['URI', 'uri'],
    ] as const) {
      if (type === wanted && !has(name, own))
        yield refused(field(name, 'type'), `A name of type ${type} needs \`${own}\`.`);
      if (type !== '' && type !== wanted && has(name, own))
        yield refusedKey(field(name, own), `A name of type ${type} must not have \`${own}\`.`);
    }
  }
}
