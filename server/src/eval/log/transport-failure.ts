// Why a connection failed, in the words of Envoy (`upstream_transport_failure_reason`, the braces of
// `response_code_details`) and of operating systems.

const causes: readonly (readonly [RegExp, string])[] = [
  [
    /CERTIFICATE_VERIFY_FAILED.*(?:verify[_ ]SAN|SAN[_ ]matcher|hostname)/i,
    "the server's certificate is for another name than the DestinationRule expects (subjectAltNames or sni)",
  ],
  [/certificate[_ ](?:has[_ ])?expired|CERTIFICATE_EXPIRED/i, 'a certificate has expired'],
  [
    /unable[_ ]to[_ ]get[_ ](?:local[_ ])?issuer|self[_ -]signed|UNKNOWN_CA/i,
    "the certificate's issuer is not trusted: the roots (caCertificates, credentialName) do not have it",
  ],
  [
    /CERTIFICATE_VERIFY_FAILED/,
    "the server's certificate was not accepted: its issuer is not among the roots, or it is for another name",
  ],
  [
    /WRONG_VERSION_NUMBER|HTTP_REQUEST|UNEXPECTED_MESSAGE/,
    'the server does not speak TLS on that port: the proxy originated TLS towards a plaintext port',
  ],
  [
    /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE/,
    'the server refused the TLS handshake: it may require a client certificate (mode MUTUAL), another TLS version or another cipher',
  ],
  [/UNRECOGNIZED_NAME/, 'the server does not know the server name (SNI) that the proxy sent'],
  [/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/, 'client and server have no TLS version in common'],
  [
    /Secret[_ ]is[_ ]not[_ ]supplied[_ ]by[_ ]SDS/i,
    'a certificate that the DestinationRule names is not available: the Secret is missing, or the proxy may not read it',
  ],
  [/TLS[_ ]error|SSL[_ ]routines/i, 'the TLS handshake with the server failed'],
  [
    /Connection[_ ]refused|(?:connect[_ ]error:[_ ]?|os error )111\b/i,
    'the server refused the connection: nothing listens on that port',
  ],
  [
    /timed?[_ -]?out|deadline has elapsed|(?:connect[_ ]error:[_ ]?|os error )110\b|connection_timeout/i,
    'the server did not answer in time: a firewall or a NetworkPolicy may drop the packets',
  ],
  [/No[_ ]route[_ ]to[_ ]host|(?:connect[_ ]error:[_ ]?|os error )113\b/i, 'there is no route to the server (network)'],
  [
    /Network[_ ](?:is[_ ])?unreachable|(?:connect[_ ]error:[_ ]?|os error )101\b/i,
    'the network of the server cannot be reached (for example IPv6 without a route)',
  ],
  [/Connection[_ ]reset|(?:connect[_ ]error:[_ ]?|os error )104\b|remote[_ ]reset/i, 'the server reset the connection'],
  [
    /remote[_ ]connection[_ ]failure|local[_ ]connection[_ ]failure|^connection[_ ]failure/i,
    'the connection to the server could not be opened',
  ],
  [
    /connection[_ ]termination/i,
    'the server closed the connection before it answered: typical of plain HTTP sent to a TLS port',
  ],
  [/protocol[_ ]error/i, 'the server did not speak the expected protocol'],
  [/^overflow/i, 'a limit of the connection pool was reached (DestinationRule connectionPool)'],
  [/refused[_ ]stream/i, 'the server refused the stream'],
];

/** A cause without a full stop; undefined for words that are not known. */
export function causeOfFailure(text: string | undefined): string | undefined {
  return text === undefined ? undefined : causes.find(([pattern]) => pattern.test(text))?.[1];
}

const causesOfTunnel: readonly (readonly [RegExp, string])[] = [
  [
    /connection[_ ]termination|Connection[_ ]reset|remote[_ ]reset/i,
    'the other end closed the tunnel before it answered: no ztunnel or waypoint takes it there, or it refuses the identity',
  ],
  [
    /TLS[_ ]error|SSL[_ ]routines|CERTIFICATE/i,
    'the mTLS of the tunnel failed: the other end has no certificate of the mesh, or one that is not trusted',
  ],
];

/** The same for a tunnel between proxies of the mesh (HBONE), in which no host and no DestinationRule takes part. */
export function causeOfTunnelFailure(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return causesOfTunnel.find(([pattern]) => pattern.test(text))?.[1] ?? causeOfFailure(text);
}

/** A whole sentence about `upstream_transport_failure_reason`. */
export function explainTransportFailure(value: string): string {
  const cause = causeOfFailure(value);
  const words = value.replaceAll('_', ' ');
  return cause === undefined
    ? `Why the connection to the server failed, in the proxy's words: ${words}.`
    : `The connection to the server failed: ${cause} (${words}).`;
}
