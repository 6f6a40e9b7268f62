// Names as the API server takes them. apimachinery pkg/util/validation/validation.go.

const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(?:\\.${label})*`;
const labelForm = new RegExp(`^${label}$`);
const subdomainForm = new RegExp(`^${subdomain}$`);
const wildcardForm = new RegExp(`^(?:\\*\\.)?${subdomain}$`);
const qualifiedForm = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** IsDNS1123Label: what names a namespace. */
export function isKubernetesLabel(text: string): boolean {
  return text.length <= 63 && labelForm.test(text);
}

/** IsDNS1123Subdomain: what names most objects. */
export function isSubdomain(text: string): boolean {
  return text.length <= 253 && subdomainForm.test(text);
}

/** A host name of the Gateway API, of which the first label may be `*`. Its length is for the schema to check. */
export function isGatewayHostname(text: string): boolean {
  return wildcardForm.test(text);
}

/** What a label's value may be, and the name in its key. */
export function isLabelValue(text: string): boolean {
  return text.length <= 63 && qualifiedForm.test(text);
}

/** IsQualifiedName: the key of a label or annotation, with or without a domain before it. */
export function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  return isLabelValue(key.slice(slash + 1)) && (slash < 0 || isSubdomain(key.slice(0, slash)));
}
