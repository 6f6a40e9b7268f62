// `!!binary`: the package's own reading differs between Node and browsers. The API server's tools decode it to a string, and refuse
// what is not base64 (go.yaml.in/yaml/v2 resolve.go).
import type { ScalarTag } from 'yaml';

export const binaryTag: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary',
  default: false,
  resolve(text, onError) {
    const base64 = text.replace(/[\r\n]/g, '');
    if (base64.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return decoded(base64);
    onError('The value of !!binary is not base64.');
    return text;
  },
};

function decoded(base64: string): string {
  const bytes = atob(base64);
  return new TextDecoder().decode(Uint8Array.from({ length: bytes.length }, (_, at) => bytes.charCodeAt(at)));
}
