// The tools for agents, as the Model Context Protocol and VS Code's language models know them: names, descriptions and inputs. All only read.

export interface AgentTool {
  readonly name: ToolName;
  readonly title: string;
  /** What it answers and when to use it: an agent chooses by this text. */
  readonly description: string;
  readonly input: InputSchema;
}

export type ToolName = 'check' | 'trace' | 'access' | 'explain';

/** The part of JSON Schema that the inputs need. */
export interface InputSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, InputProperty>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

type InputProperty = { readonly description: string } & (
  | { readonly type: 'string' }
  | { readonly type: 'array'; readonly items: { readonly type: 'string' } }
  | { readonly type: 'object'; readonly additionalProperties: { readonly type: 'string' } }
);

const text = (description: string): InputProperty => ({ type: 'string', description });
const texts = (description: string): InputProperty => ({ type: 'array', items: { type: 'string' }, description });
const pairs = (description: string): InputProperty => ({
  type: 'object',
  additionalProperties: { type: 'string' },
  description,
});

function inputOf(properties: Readonly<Record<string, InputProperty>>, required: readonly string[] = []): InputSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

export const agentTools: readonly AgentTool[] = [
  {
    name: 'check',
    title: 'Check Istio egress manifests',
    description:
      'Reports what is wrong in the Istio and Gateway API manifests of the folder, with the place of each finding, its consequence, and the titles of its fixes. Use it after each change of a manifest. Answers JSON with `findings`; lines and characters count from 0.',
    input: inputOf({ rule: text('Only findings of this rule, for example plaintext-to-tls-port.') }),
  },
  {
    name: 'trace',
    title: 'Trace a request out of the mesh',
    description:
      'Says what one request from a client in the mesh does according to the manifests: `verdict` is allowed, denied, fails, bypasses or undetermined, and `steps` name the resource and line that decide each step. Use it to find out why a request is denied or fails. Nothing is sent.',
    input: inputOf(
      {
        url: text('The URL that the client calls, for example http://httpbin.org/get.'),
        from: text('The client: NAMESPACE or NAMESPACE/SERVICEACCOUNT, for example default/curl.'),
        method: text('HTTP method; default GET.'),
        headers: pairs('Headers of the request, by name.'),
        labels: pairs("Labels of the client's pod, by name."),
        sni: text('Server name in the TLS handshake, where it is not the host.'),
      },
      ['url', 'from'],
    ),
  },
  {
    name: 'access',
    title: 'List who may call which external host',
    description:
      'Lists which clients of the mesh may call which external host and port: `access` is all, some (with `operations`), none or undetermined, `via` is the way out, and `because` names the resources that decide it.',
    input: inputOf({ hosts: texts('Only these hosts, for example ["httpbin.org"]; default all.') }),
  },
  {
    name: 'explain',
    title: 'Explain a rule',
    description:
      'Gives the page of a rule: why it matters, manifests that fail, their fix, and references. Without a rule it lists all rules.',
    input: inputOf({ rule: text('The id of a rule, for example plaintext-to-tls-port.') }),
  },
];
