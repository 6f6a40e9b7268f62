// Whether a request could carry a token (JWT): by default in the header Authorization or the parameter access_token; a
// RequestAuthentication can name other headers, parameters and cookies. istio@86c9f01 pilot/pkg/security/authn/policy_applier.go convertToEnvoyJwtConfig.
import type { Connection } from './connection.ts';

type Http = NonNullable<Connection['http']>;

const nameOfToken = /auth|token|jwt|assertion/i;
/** A JSON object in base64 begins so. */
const token = /eyJ[\w-]+\./;

export function couldCarryToken({ path, headers }: Pick<Http, 'path' | 'headers'>): boolean {
  const inHeaders = [...headers].some(([name, value]) => !name.startsWith(':') && couldBeToken(name, value));
  const from = path.indexOf('?');
  return (
    inHeaders ||
    (from !== -1 && [...new URLSearchParams(path.slice(from))].some(([name, value]) => couldBeToken(name, value)))
  );
}

function couldBeToken(name: string, value: string): boolean {
  return nameOfToken.test(name) || token.test(value);
}
