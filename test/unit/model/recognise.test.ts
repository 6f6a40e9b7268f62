import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecognitionState } from '../../../server/src/model/read-document.ts';
import { read } from './model-kit.ts';

const entry = (body: string) => `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\n${body}`;
const named = 'metadata:\n  name: a\n';

/** `unknown` as `Kind@namespace`, `*` where the namespace cannot be told. */
const cases: readonly {
  readonly what: string;
  readonly text: string;
  readonly state: RecognitionState;
  readonly unknown?: readonly string[];
  readonly leftAlone?: 'helm-template' | 'kustomize-patch' | 'foreign';
}[] = [
  { what: 'a manifest', text: entry(named), state: 'manifest' },
  { what: 'nothing', text: '', state: 'empty' },
  { what: 'comments only', text: '# {{ not a template }}\n---\n', state: 'empty' },
  {
    what: 'another kind of Kubernetes',
    text: 'apiVersion: apps/v1\nkind: ControllerRevision\n',
    state: 'other-kubernetes',
  },
  {
    what: 'a kind of Istio that is not read',
    text: 'apiVersion: networking.istio.io/v1\nkind: WorkloadGroup\nmetadata: { name: a }\n',
    state: 'other-kubernetes',
  },
  { what: 'a custom kind', text: 'apiVersion: argoproj.io/v1alpha1\nkind: Application\n', state: 'other-kubernetes' },
  {
    what: 'a list of other kinds',
    text: 'apiVersion: v1\nkind: List\nitems: [{ apiVersion: v1, kind: Node }]\n',
    state: 'other-kubernetes',
  },
  {
    what: 'a custom resource definition',
    text: 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n',
    state: 'foreign',
  },
  { what: 'Helm values', text: 'replicas: 2\nimage: { tag: x }\n', state: 'foreign' },
  { what: 'a chart', text: 'apiVersion: v1\nname: a\nversion: 1.0.0\n', state: 'foreign' },
  { what: 'a chart of today', text: 'apiVersion: v2\nname: a\n', state: 'foreign' },
  { what: 'a workflow', text: 'on: push\njobs: { a: { steps: [] } }\n', state: 'foreign' },
  { what: 'a pipeline with a kind', text: 'kind: pipeline\ntype: docker\nname: default\n', state: 'foreign' },
  { what: 'OpenAPI', text: '{"openapi":"3.0.0","paths":{}}', state: 'foreign' },
  { what: 'a playbook', text: '- hosts: all\n  tasks: []\n', state: 'foreign' },
  { what: 'plain text', text: 'hello\n', state: 'foreign' },
  { what: 'broken YAML of other people', text: 'a: [\n', state: 'foreign' },

  {
    what: 'a Helm action in plain text',
    text: entry('metadata:\n  name: {{ .Values.name }}\n'),
    state: 'helm-template',
    unknown: ['ServiceEntry@*'],
  },
  {
    what: 'Helm control flow',
    text: `{{- if .Values.on }}\n${entry(named)}{{- end }}\n`,
    state: 'helm-template',
    unknown: ['ServiceEntry@*'],
  },
  {
    what: 'a Helm action in a quoted name',
    text: entry('metadata:\n  name: "{{ .Values.name }}-x"\n'),
    state: 'helm-template',
    unknown: ['ServiceEntry@*'],
  },
  {
    what: 'a Helm action as a whole value',
    text: entry(`${named}spec: { resolution: "{{ .Values.r }}" }\n`),
    state: 'helm-template',
    unknown: ['ServiceEntry@*'],
  },
  {
    what: 'a templated kind',
    text: 'apiVersion: {{ .v }}\nkind: Gateway\n',
    state: 'helm-template',
    unknown: ['IstioGateway@*', 'Gateway@*'],
  },
  { what: 'braces in a comment', text: entry(`${named}# {{ note }}\n`), state: 'manifest' },
  {
    what: 'braces in quoted text',
    text: entry(`metadata:\n  name: a\n  annotations:\n    note: "see {{ x }}"\n`),
    state: 'manifest',
  },
  {
    what: 'braces in a block of text',
    text: entry(`metadata:\n  name: a\n  annotations:\n    note: |\n      {{ x }}\n`),
    state: 'manifest',
  },
  {
    what: 'a file of a chart',
    text: entry(named),
    state: 'helm-template',
    unknown: ['ServiceEntry@*'],
    leftAlone: 'helm-template',
  },

  {
    what: 'a kustomization',
    text: 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n',
    state: 'kustomize-patch',
  },
  {
    what: 'a patch by its place',
    text: entry(named),
    state: 'kustomize-patch',
    unknown: ['ServiceEntry@*'],
    leftAlone: 'kustomize-patch',
  },
  {
    what: 'a patch by its directive',
    text: entry(`$patch: delete\n${named}`),
    state: 'kustomize-patch',
    unknown: ['ServiceEntry@*'],
  },
  { what: 'a JSON patch', text: '- op: replace\n  path: /spec/hosts/0\n  value: a\n', state: 'kustomize-patch' },

  {
    what: '${VAR} in a host',
    text: entry(`${named}spec: { hosts: ["\${IP}.nip.io"] }\n`),
    state: 'placeholder',
    unknown: ['ServiceEntry@default'],
  },
  {
    what: '$VAR in a name',
    text: entry('metadata: { name: $NAME }\n'),
    state: 'placeholder',
    unknown: ['ServiceEntry@default'],
  },
  {
    what: '$(VAR) as a namespace',
    text: entry('metadata: { name: a, namespace: $(NS) }\n'),
    state: 'placeholder',
    unknown: ['ServiceEntry@*'],
  },
  {
    what: '<NAME> as a host',
    text: entry(`metadata: { name: a, namespace: n }\nspec: { hosts: [<my.hostname>] }\n`),
    state: 'placeholder',
    unknown: ['ServiceEntry@n'],
  },
  {
    what: '__NAME__ as any value',
    text: entry(`${named}spec: { ports: [{ number: __PORT__ }] }\n`),
    state: 'placeholder',
    unknown: ['ServiceEntry@default'],
  },
  {
    what: '%s as any value',
    text: entry(`${named}spec: { resolution: '%s' }\n`),
    state: 'placeholder',
    unknown: ['ServiceEntry@default'],
  },
  {
    what: 'a hole in an item of a List',
    text: 'apiVersion: v1\nkind: List\nitems:\n- { apiVersion: v1, kind: Namespace, metadata: { name: "${NS}" } }\n',
    state: 'placeholder',
    unknown: ['Namespace@'],
  },
  {
    what: 'holes in an annotation',
    text: entry('metadata: { name: a, annotations: { note: "${X}" } }\n'),
    state: 'manifest',
  },
  {
    what: "Kubernetes' own $(VAR)",
    text: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: { template: { spec: { containers: [{ name: c, args: [$(POD)] }] } } }\n',
    state: 'manifest',
  },
  {
    what: 'command operators of access logs',
    text: 'apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: { name: a }\nspec: { accessLogging: [{ filter: { expression: "%REQ(a)%" } }] }\n',
    state: 'manifest',
  },

  {
    what: 'a kind being typed',
    text: 'apiVersion: networking.istio.io/v1\nkind: Dest\n',
    state: 'manifest',
    unknown: ['DestinationRule@default'],
  },
  {
    what: 'a kind with a slip',
    text: 'apiVersion: networking.istio.io/v1\nkind: ServceEntry\nmetadata: { name: a, namespace: n }\n',
    state: 'manifest',
    unknown: [
      'ServiceEntry@n',
      'WorkloadEntry@n',
      'DestinationRule@n',
      'VirtualService@n',
      'IstioGateway@n',
      'Sidecar@n',
      'ProxyExtension@n',
    ],
  },
  {
    what: 'a kind of Kubernetes being typed',
    text: 'apiVersion: v1\nkind: Serv\n',
    state: 'manifest',
    unknown: ['Service@default', 'ServiceAccount@default'],
  },
  {
    what: 'no kind yet',
    text: 'apiVersion: security.istio.io/v1\n',
    state: 'manifest',
    unknown: ['AuthorizationPolicy@default', 'ProxyExtension@default'],
  },
  {
    what: 'no apiVersion yet',
    text: 'kind: ServiceEntry\nmetadata: { name: a }\n',
    state: 'manifest',
    unknown: ['ServiceEntry@default'],
  },
  { what: 'no name yet', text: entry('metadata:\n'), state: 'manifest', unknown: ['ServiceEntry@default'] },
  {
    what: 'an empty name',
    text: entry('metadata: { name: "" }\n'),
    state: 'manifest',
    unknown: ['ServiceEntry@default'],
  },
  {
    what: 'an open bracket, which hides no object',
    text: entry(`${named}spec:\n  hosts: [a\n`),
    state: 'manifest',
    unknown: [],
  },
  {
    what: 'an error that hides the object',
    text: `${entry(named)}- broken\n\t: [\n`,
    state: 'manifest',
    unknown: ['ServiceEntry@default'],
  },
  {
    what: 'an alias of nothing',
    text: entry(`${named}spec: { hosts: *gone }\n`),
    state: 'manifest',
    unknown: ['ServiceEntry@default'],
  },
  { what: 'a doubled key hides nothing', text: entry(`${named}spec: { hosts: [a], hosts: [b] }\n`), state: 'manifest' },

  {
    what: "an overlay's copies in its namespace",
    text: 'namespace: prod\nresources: [../base]\n',
    state: 'kustomize-patch',
    unknown: ['ServiceEntry@prod'],
    leftAlone: 'kustomize-patch',
  },
  {
    what: 'a kustomization of files',
    text: 'namespace: prod\nresources: [a.yaml]\n',
    state: 'kustomize-patch',
    leftAlone: 'kustomize-patch',
  },
  {
    what: 'a base that lies elsewhere',
    text: 'kind: Kustomization\nresources: ["github.com/a/b?ref=v1"]\n',
    state: 'kustomize-patch',
    unknown: ['ServiceEntry@*'],
    leftAlone: 'kustomize-patch',
  },
  {
    what: 'definitions that lie elsewhere',
    text: 'resources: ["github.com/kubernetes-sigs/gateway-api/config/crd?ref=v1"]\n',
    state: 'kustomize-patch',
    leftAlone: 'kustomize-patch',
  },
  {
    what: 'names with a prefix',
    text: 'namePrefix: dev-\nresources: [a.yaml]\n',
    state: 'kustomize-patch',
    unknown: ['ServiceEntry@*'],
    leftAlone: 'kustomize-patch',
  },
  {
    what: 'a base without a namespace of its own',
    text: 'resources: [../base]\n',
    state: 'kustomize-patch',
    leftAlone: 'kustomize-patch',
  },
];

for (const { what, text, state, unknown = [], leftAlone } of cases) {
  test(`${what} is ${state}`, () => {
    const { recognition, resources, roots } = read(text, { leftAlone });
    assert.equal(recognition.state, state);
    const found = recognition.suppliesUnknown.map(({ kind, namespace }) => `${kind}@${namespace ?? '*'}`);
    // A kustomization speaks of all kinds: one stands for them.
    assert.deepEqual(found.length > 20 ? found.filter((one) => one.startsWith('ServiceEntry@')) : found, unknown);
    if (state !== 'manifest') assert.equal(resources.length, 0);
    // Objects of kinds that are not read are still there to be held against their schema.
    if (state !== 'manifest' && state !== 'other-kubernetes') assert.equal(roots.length, 0);
  });
}
