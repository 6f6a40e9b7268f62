// The manifest that declares the host of a line which no ServiceEntry has.
import type { ExplainedLine } from '../../../../server/src/lsp/protocol/egress.ts';

interface Declaration {
  /** Of a template. */
  readonly id: string;
  readonly answers: { readonly host: string; readonly port?: string };
}

/** Undefined where a ServiceEntry has the host, or where the line has no name of it. */
export function declarationOf({ fields, links }: Pick<ExplainedLine, 'fields' | 'links'>): Declaration | undefined {
  if (links.some(({ resource }) => resource?.kind === 'ServiceEntry')) return undefined;
  const valueOf = (name: string) => fields.find((field) => field.name === name)?.value ?? '-';
  const [, host = '', port] =
    /^([a-z0-9](?:[-a-z0-9]*\.)+[a-z][-a-z0-9]*)(?::(\d+))?$/i.exec(
      [valueOf('authority'), valueOf('requested_server_name'), valueOf('dst.service')].find((one) => one !== '-') ?? '',
    ) ?? [];
  if (host === '') return undefined;
  if (port !== undefined && port !== '80' && port !== '443')
    return { id: 'service-entry-tcp', answers: { host, port } };
  const isTls = port === '443' || valueOf('requested_server_name') === host;
  return { id: isTls ? 'service-entry-https' : 'service-entry-http-to-https', answers: { host } };
}
