// Turns a failed run of kubectl or istioctl into a message and an advice. The tool's own output is kept in `details`.
import { oldestVersion } from '../../model/istio-releases.ts';
import type { Command, RunResult } from './command.ts';
import { installAdvice, type Tool } from './executables.ts';

export type ProblemKind =
  | 'not-installed'
  | 'invalid-input'
  | 'unknown-context'
  | 'unreachable'
  | 'unauthorized'
  | 'forbidden'
  | 'unsupported'
  | 'missing-crd'
  | 'context-moved'
  | 'needs-confirmation'
  | 'not-found'
  | 'conflict'
  | 'refused'
  | 'timed-out'
  | 'cancelled'
  | 'unreadable'
  | 'failed';

export interface Problem {
  readonly kind: ProblemKind;
  /** What happened, one or two sentences. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
  /** What the program itself said. */
  readonly details?: string;
  readonly command?: Command;
}

/** What every further command meets, too. */
const lasting: ReadonlySet<ProblemKind> = new Set([
  'not-installed',
  'unknown-context',
  'unreachable',
  'unauthorized',
  'timed-out',
  'cancelled',
]);

export function stopsAll({ kind }: Problem): boolean {
  return lasting.has(kind);
}

export const planningStopped: Problem = {
  kind: 'cancelled',
  message: 'Planning was stopped.',
  advice: 'Nothing was changed.',
};

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

interface Pattern {
  readonly kind: ProblemKind;
  readonly pattern: RegExp;
  readonly message: (found: RegExpExecArray, context: string) => string;
  readonly advice: string;
}

// The first that fits counts: a text that says "forbidden" may also say "not found".
const patterns: readonly Pattern[] = [
  {
    kind: 'unsupported',
    pattern: /unknown (?:command|flag|shorthand flag):? (\S+)/,
    message: (found) => `This version does not support ${found[1]}.`,
    advice: `Install a newer version: istioctl ${oldestVersion} or later, or a kubectl close to the version of the cluster.`,
  },
  {
    kind: 'unknown-context',
    pattern:
      /context "([^"]*)" does not exist|context was not found for specified context: (\S+)|cannot locate context (\S+)/,
    message: (found) => `The kubeconfig has no context "${found[1] ?? found[2] ?? found[3] ?? ''}".`,
    advice: 'Choose another context, or set KUBECONFIG to the file that has this one.',
  },
  {
    kind: 'unauthorized',
    pattern: /\(Unauthorized\)|Unauthorized|provide credentials|getting credentials/,
    message: (_, context) => `The cluster of context "${context}" does not accept your credentials.`,
    advice: 'Log in to the cluster again, then retry.',
  },
  {
    kind: 'forbidden',
    pattern:
      /User "([^"]*)" cannot (\S+) resource "([^"]*)"(?: in API group "[^"]*")?(?: (?:in the namespace|at the cluster scope)[^\n]*)?/,
    message: (found) => `You (user "${found[1]}") have no permission to ${found[2]} ${found[3]} in the cluster.`,
    advice: 'Ask an administrator of the cluster for this permission, or choose a context that has it.',
  },
  {
    kind: 'forbidden',
    pattern: /forbidden/i,
    message: (_, context) => `The cluster of context "${context}" does not allow you to do this.`,
    advice: 'Ask an administrator of the cluster for this permission, or choose a context that has it.',
  },
  {
    kind: 'missing-crd',
    pattern:
      /doesn't have a resource type "(gateways?|gatewayclass(?:es)?|(?:http|grpc|tls|tcp)routes?|backendtlspolic(?:y|ies))"|no matches for kind "(\w+)" in version "gateway\.networking\.k8s\.io|missing Kubernetes Gateway CRDs/,
    message: (found) =>
      `The cluster does not serve ${found[1] ?? found[2] ?? 'Gateway'}: the Kubernetes Gateway API is not installed.`,
    advice:
      "Install the Gateway API's custom resource definitions (https://gateway-api.sigs.k8s.io/guides/getting-started/), and Istio with the ambient profile.",
  },
  {
    kind: 'missing-crd',
    pattern: /doesn't have a resource type "([^"]*)"|no matches for kind "([^"]*)"/,
    message: (found) =>
      `The cluster does not serve ${found[1] ?? found[2]}: its custom resource definition is not installed.`,
    advice: 'Install Istio in the cluster (its base chart has the definitions), or remove this resource.',
  },
  {
    kind: 'conflict',
    pattern: /Apply failed with \d+ conflicts?[^\n]*|object has been modified/,
    message: () => 'The change was refused: another manager owns fields of this object.',
    advice: 'See who manages it with kubectl get -o yaml --show-managed-fields, or choose another name.',
  },
  {
    kind: 'refused',
    pattern: /admission webhook "([^"]*)" denied/,
    message: (found) => `The cluster's admission check "${found[1]}" refused the change.`,
    advice: 'See the reason below and change the request.',
  },
  {
    kind: 'refused',
    pattern: /\((?:Invalid|BadRequest)\)| is invalid:/,
    message: () => 'The cluster refused the object as invalid.',
    advice: 'See the reason below and change the request.',
  },
  {
    kind: 'not-found',
    pattern: /namespaces "([^"]*)" not found|namespace: (\S+) not found/,
    message: (found) => `The cluster has no namespace "${found[1] ?? found[2] ?? ''}".`,
    advice: 'Create the namespace first, or choose another namespace.',
  },
  {
    kind: 'not-found',
    pattern: /(\S+) "([^"]*)" not found/,
    message: (found) => `The cluster has no ${found[1]} "${found[2]}".`,
    advice: 'Check its name and namespace.',
  },
  {
    kind: 'unreachable',
    pattern:
      /connection refused|was refused|Unable to connect|no such host|i\/o timeout|TLS handshake timeout|no route to host|network is unreachable|x509:|context deadline exceeded|server is currently unable|ServiceUnavailable|: EOF\b/,
    message: (_, context) => `The cluster of context "${context}" cannot be reached.`,
    advice: 'Check that the cluster runs and that this machine can reach it (VPN, proxy), or choose another context.',
  },
];

export function missingTool(tool: Tool, reason: string): Problem {
  return { kind: 'not-installed', message: `${tool} cannot be run: ${reason}`, advice: installAdvice(tool) };
}

/** What a failed run means. `context` is the kubeconfig context that the command named. */
export function problemOf(tool: Tool, command: Command, result: RunResult, context: string): Problem {
  const details = lastLines(result.stderr.trim() || result.stdout.trim());
  const common = { command, ...(details === '' ? {} : { details }) };
  switch (result.ended) {
    case 'not-started':
      return { ...missingTool(tool, result.reason ?? 'it could not be started.'), command };
    case 'cancelled':
      return { kind: 'cancelled', message: `${tool} was stopped.`, advice: 'No more commands are run.', ...common };
    case 'timed-out':
      return {
        kind: 'timed-out',
        message: `${tool} did not finish in time.`,
        advice: `The cluster of context "${context}" may be slow or unreachable, or a login may wait for input. Try the command in a terminal.`,
        ...common,
      };
    case 'killed':
      return { kind: 'failed', message: `${tool} was ended by a signal.`, advice: 'Try again.', ...common };
    case 'exited':
      return { ...explained(tool, `${result.stderr}\n${result.stdout}`, result.code, context), ...common };
  }
}

/** The program ran, but what it printed cannot be used. */
export function unreadable(tool: Tool, command: Command, what: string): Problem {
  return {
    kind: 'unreadable',
    message: `${tool} did not print ${what}.`,
    command,
    advice: `Check that the program that is run is ${tool} and that its version is supported.`,
  };
}

function explained(tool: Tool, text: string, code: number | undefined, context: string): Problem {
  for (const { kind, pattern, message, advice } of patterns) {
    const found = pattern.exec(text);
    if (found) return { kind, message: message(found, context), advice };
  }
  return {
    kind: 'failed',
    message: `${tool} failed (exit code ${code ?? 'unknown'}).`,
    advice: `See the output of ${tool} below.`,
  };
}

function lastLines(text: string): string {
  return text.split('\n').slice(-20).join('\n');
}
