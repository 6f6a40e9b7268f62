// What kubectl and istioctl said, word for word, and what is made of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../../server/src/cluster/tools/command.ts';
import { problemOf, type ProblemKind } from '../../../server/src/cluster/tools/problem.ts';

const command = { file: 'kubectl', args: ['get', 'x'] };
const exited = (stderr: string, code = 1): RunResult => ({
  ended: 'exited',
  code,
  stdout: '',
  stderr,
  truncated: false,
});

const said: readonly (readonly [string, ProblemKind, string])[] = [
  ['Error: unknown command "waypoint" for "istioctl"', 'unsupported', 'This version does not support "waypoint".'],
  ['Error: unknown flag: --for', 'unsupported', 'This version does not support --for.'],
  ['error: context "nope" does not exist', 'unknown-context', 'The kubeconfig has no context "nope".'],
  ['error: cannot locate context nope', 'unknown-context', 'The kubeconfig has no context "nope".'],
  [
    'Error in configuration: context was not found for specified context: nope',
    'unknown-context',
    'The kubeconfig has no context "nope".',
  ],
  [
    'Error: failed to create Kubernetes client: failed to setup client: context "nope" does not exist',
    'unknown-context',
    'The kubeconfig has no context "nope".',
  ],
  [
    'error: You must be logged in to the server (Unauthorized)',
    'unauthorized',
    'The cluster of context "prod" does not accept your credentials.',
  ],
  [
    'Unable to connect to the server: getting credentials: exec: executable gke-gcloud-auth-plugin not found',
    'unauthorized',
    'The cluster of context "prod" does not accept your credentials.',
  ],
  [
    'error: You must be logged in to the server (the server has asked for the client to provide credentials)',
    'unauthorized',
    'The cluster of context "prod" does not accept your credentials.',
  ],
  [
    'Error from server (Forbidden): namespaces is forbidden: User "guest" cannot list resource "namespaces" in API group "" at the cluster scope',
    'forbidden',
    'You (user "guest") have no permission to list namespaces in the cluster.',
  ],
  [
    'Error: failed to get namespace ns1: namespaces "ns1" is forbidden: User "guest" cannot get resource "namespaces" in API group "" in the namespace "ns1"',
    'forbidden',
    'You (user "guest") have no permission to get namespaces in the cluster.',
  ],
  [
    'Error from server (Forbidden): exceeded quota',
    'forbidden',
    'The cluster of context "prod" does not allow you to do this.',
  ],
  [
    'error: the server doesn\'t have a resource type "gateways"',
    'missing-crd',
    'The cluster does not serve gateways: the Kubernetes Gateway API is not installed.',
  ],
  [
    'error: resource mapping not found for name: "gate" namespace: "egress" from "STDIN": no matches for kind "Gateway" in version "gateway.networking.k8s.io/v1"',
    'missing-crd',
    'The cluster does not serve Gateway: the Kubernetes Gateway API is not installed.',
  ],
  [
    'error: the server doesn\'t have a resource type "telemetries"',
    'missing-crd',
    'The cluster does not serve telemetries: its custom resource definition is not installed.',
  ],
  [
    'error: resource mapping not found for name: "t" namespace: "egress" from "STDIN": no matches for kind "Telemetry" in version "telemetry.istio.io/v1"',
    'missing-crd',
    'The cluster does not serve Telemetry: its custom resource definition is not installed.',
  ],
  [
    'Error: missing Kubernetes Gateway CRDs need to be installed before applying a waypoint: the server could not find the requested resource',
    'missing-crd',
    'The cluster does not serve Gateway: the Kubernetes Gateway API is not installed.',
  ],
  [
    'Error: Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using gateway.networking.k8s.io/v1: .spec.gatewayClassName',
    'conflict',
    'The change was refused: another manager owns fields of this object.',
  ],
  [
    'Error from server (BadRequest): error when creating "STDIN": admission webhook "rev.validation.istio.io" denied the request: configuration is invalid',
    'refused',
    'The cluster\'s admission check "rev.validation.istio.io" refused the change.',
  ],
  [
    'The Gateway "gate" is invalid: spec.listeners: Required value',
    'refused',
    'The cluster refused the object as invalid.',
  ],
  ['Error: namespace: nope not found', 'not-found', 'The cluster has no namespace "nope".'],
  ['Error from server (NotFound): namespaces "nope" not found', 'not-found', 'The cluster has no namespace "nope".'],
  [
    'Error from server (NotFound): gateways.gateway.networking.k8s.io "gate" not found',
    'not-found',
    'The cluster has no gateways.gateway.networking.k8s.io "gate".',
  ],
  [
    'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?',
    'unreachable',
    'The cluster of context "prod" cannot be reached.',
  ],
  [
    'Unable to connect to the server: dial tcp: lookup api.example.com: no such host',
    'unreachable',
    'The cluster of context "prod" cannot be reached.',
  ],
  [
    'Error: failed to get namespace x: Get "https://127.0.0.1:1/api": dial tcp 127.0.0.1:1: connect: connection refused',
    'unreachable',
    'The cluster of context "prod" cannot be reached.',
  ],
  [
    'Unable to connect to the server: net/http: TLS handshake timeout',
    'unreachable',
    'The cluster of context "prod" cannot be reached.',
  ],
  [
    'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority',
    'unreachable',
    'The cluster of context "prod" cannot be reached.',
  ],
  ['something nobody foresaw', 'failed', 'kubectl failed (exit code 1).'],
];

for (const [stderr, kind, message] of said) {
  test(`${kind}: ${stderr.slice(0, 60)}`, () => {
    const problem = problemOf('kubectl', command, exited(stderr), 'prod');
    assert.deepEqual(
      [problem.kind, problem.message, problem.details, problem.command],
      [kind, message, stderr, command],
    );
    assert.notEqual(problem.advice, '');
  });
}

test('ends that say nothing', () => {
  const ended = (how: RunResult['ended'], more: Partial<RunResult> = {}): RunResult => ({
    ended: how,
    code: undefined,
    stdout: '',
    stderr: '',
    truncated: false,
    ...more,
  });
  assert.equal(problemOf('kubectl', command, ended('cancelled'), 'prod').kind, 'cancelled');
  assert.equal(problemOf('kubectl', command, ended('timed-out'), 'prod').kind, 'timed-out');
  assert.equal(problemOf('kubectl', command, ended('killed'), 'prod').kind, 'failed');
  const missing = problemOf('istioctl', command, ended('not-started', { reason: 'istioctl was not found.' }), 'prod');
  assert.equal(missing.kind, 'not-installed');
  assert.equal(missing.message, 'istioctl cannot be run: istioctl was not found.');
  assert.match(missing.advice, /https:\/\/istio\.io.* PATH\.$/);
  assert.equal(missing.details, undefined);
});

test('of a long output the end is kept, which has the reason', () => {
  const long = `${'noise\n'.repeat(100)}Error: namespace: nope not found`;
  const { details } = problemOf('istioctl', command, exited(long), 'prod');
  assert.equal(details?.split('\n').length, 20);
  assert.match(details ?? '', /nope not found$/);
});
