// Names as Istio's validation takes them: letters of either case. istio@86c9f01 pkg/config/labels/instance.go, pkg/config/validation/agent/validation.go.

/** IsDNS1123Label. Kubernetes takes lower case only: `kubernetes-names.ts`. */
export function isDnsLabel(name: string): boolean {
  return name.length <= 63 && /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/.test(name);
}

function isWildcardLabel(name: string): boolean {
  return name.length <= 63 && /^(?:\*|(?:\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/.test(name);
}

/** Most domains, told without taking them apart: one as short as a label may be has no label that is too long, and this one ends with a name. */
function isPlainDomain(domain: string): boolean {
  return domain.length <= 63 && plainForm.test(domain);
}

const plainForm = /^(?:[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?\.)+[a-zA-Z](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

/** ValidateWildcardDomain: labels, of which the first may have or be a star. */
export function isWildcardDomain(domain: string): boolean {
  if (isPlainDomain(domain)) return true;
  if (domain === '' || domain.length > 255) return false;
  const [first = '', ...rest] = domain.split('.');
  return isWildcardLabel(first) && (rest.length === 0 || areLabels(rest));
}

/** ValidateFQDN: no star, and no number at the end, which an address would have. */
export function isDomain(domain: string): boolean {
  return isPlainDomain(domain) || (domain !== '' && domain.length <= 255 && areLabels(domain.split('.')));
}

function areLabels(labels: readonly string[]): boolean {
  const last = labels.at(-1) ?? '';
  if (/^[+-]?\d+$/.test(last)) return false;
  return labels.every((label, i) => (label === '' && i === labels.length - 1) || isDnsLabel(label));
}
