// The fields of Kubernetes' own kinds that decide egress, for completion and hover: they have no schema here and are not checked.
import type { FieldPath } from '../base/field-path.ts';
import { groupOf } from '../model/kind-of.ts';

export interface KubernetesField {
  /** In the words of `FieldDescription`. */
  readonly type: string;
  readonly doc: string;
  readonly required?: true;
  /** Of the value, or of each item of a list. */
  readonly values?: readonly string[];
  /** Of the map, or of each item of a list. */
  readonly fields?: KubernetesFields;
}

export type KubernetesFields = Readonly<Record<string, KubernetesField>>;

type More = Omit<KubernetesField, 'type' | 'doc' | 'fields'>;

const text = (doc: string, more: More = {}): KubernetesField => ({ type: 'string', doc, ...more });
const number = (doc: string, more: More = {}): KubernetesField => ({ type: 'integer', doc, ...more });
const flag = (doc: string): KubernetesField => ({ type: 'boolean', doc, values: ['true', 'false'] });
const texts = (doc: string, more: More = {}): KubernetesField => ({ type: 'list of strings', doc, ...more });
const textMap = (doc: string): KubernetesField => ({ type: 'map of strings', doc });
const map = (doc: string, fields: KubernetesFields, more: More = {}): KubernetesField => ({
  type: 'map',
  doc,
  fields,
  ...more,
});
const list = (doc: string, fields: KubernetesFields, more: More = {}): KubernetesField => ({
  type: 'list of maps',
  doc,
  fields,
  ...more,
});

const required = { required: true } as const;
const transports = { values: ['TCP', 'UDP', 'SCTP'] };

const labelSelector = (doc: string): KubernetesField =>
  map(doc, {
    matchLabels: textMap('Labels that an object must have.'),
    matchExpressions: list('Conditions on labels.', {
      key: text('The label.', required),
      operator: text('How it is compared.', { ...required, values: ['In', 'NotIn', 'Exists', 'DoesNotExist'] }),
      values: texts('For `In` and `NotIn`.'),
    }),
  });

const peers = (doc: string): KubernetesField =>
  list(doc, {
    namespaceSelector: labelSelector('Namespaces; all where it is empty.'),
    podSelector: labelSelector('Pods, of the own namespace where no namespaceSelector stands beside it.'),
    ipBlock: map('Addresses.', {
      cidr: text('A range, such as `203.0.113.0/24`.', required),
      except: texts('Ranges in it that are left out.'),
    }),
  });

const policyPorts = list('Ports; all where it is absent.', {
  protocol: text('`TCP` where it is absent.', transports),
  port: { type: 'integer or string', doc: 'Number of the port, or its name in the pod.' },
  endPort: number('Last port of a range that begins at `port`.'),
});

const container: KubernetesFields = {
  name: text('Name of the container.', required),
  image: text('Image that it runs.', required),
  command: texts('Program and arguments in place of those of the image.'),
  args: texts('Arguments of the program.'),
  ports: list('Ports that it listens on.', {
    name: text('Name of the port.'),
    containerPort: number('Number of the port.', required),
    protocol: text('`TCP` where it is absent.', transports),
  }),
  env: list('Environment variables.', { name: text('Name.', required), value: text('Value.') }),
};

const pod: KubernetesFields = {
  serviceAccountName: text(
    "The pods' identity: AuthorizationPolicies name it as a source. `default` where it is absent.",
  ),
  containers: list('Containers of the pod.', container, required),
  initContainers: list('Containers that run before the others.', container),
  hostNetwork: flag('The pod uses the network of its node. Ambient mode does not capture its traffic.'),
  dnsPolicy: text('How the pod resolves names.', {
    values: ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'],
  }),
};

const template = map(
  'The pods that are created.',
  {
    metadata: map('Labels and annotations of the pods.', {
      labels: textMap('Labels of the pods.'),
      annotations: textMap('Annotations of the pods.'),
    }),
    spec: map('What the pods run.', pod, required),
  },
  required,
);

const controller: KubernetesFields = {
  spec: map(
    'The pods that are wanted.',
    { selector: labelSelector('Its pods; the labels of the template must match.'), template },
    required,
  ),
};

const role: KubernetesFields = {
  rules: list('What is allowed.', {
    apiGroups: texts('API groups; the empty one is the core group, with Secrets.', { ...required, values: [''] }),
    resources: texts('Resources, in plural.', { ...required, values: ['secrets', 'configmaps', 'services', 'pods'] }),
    resourceNames: texts('Only objects of these names.'),
    verbs: texts('What may be done with them.', {
      ...required,
      values: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
    }),
  }),
};

const fieldsByKind: Readonly<Record<string, KubernetesFields>> = {
  '/Service': {
    spec: map('Ports and pods of the service.', {
      ports: list('Ports that clients dial.', {
        name: text('Name of the port. Its start says the protocol, such as `http`.'),
        port: number('Number that clients dial.', required),
        targetPort: { type: 'integer or string', doc: 'Port of the pods; `port` where it is absent.' },
        protocol: text('`TCP` where it is absent.', transports),
        appProtocol: text('The protocol, such as `http` or `https`.'),
      }),
      selector: textMap('Labels of the pods.'),
      type: text('`ClusterIP` where it is absent.', {
        values: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
      }),
      externalName: text('Host outside the cluster, for type `ExternalName`.'),
      clusterIP: text('Address of the service; `None` for a headless one.', { values: ['None'] }),
    }),
  },
  'networking.k8s.io/NetworkPolicy': {
    spec: map('Which pods, and what may reach them and they may reach.', {
      podSelector: labelSelector('Pods of the namespace; all where it is empty.'),
      policyTypes: texts('Directions that the policy restricts.', { values: ['Egress', 'Ingress'] }),
      egress: list('What the pods may reach.', {
        to: peers('Destinations; all where it is absent.'),
        ports: policyPorts,
      }),
      ingress: list('What may reach the pods.', {
        from: peers('Sources; all where it is absent.'),
        ports: policyPorts,
      }),
    }),
  },
  'rbac.authorization.k8s.io/Role': role,
  'rbac.authorization.k8s.io/ClusterRole': role,
  'rbac.authorization.k8s.io/RoleBinding': {
    roleRef: map('The Role that is granted.', {
      apiGroup: text('Always `rbac.authorization.k8s.io`.', { ...required, values: ['rbac.authorization.k8s.io'] }),
      kind: text('`Role` or `ClusterRole`.', { ...required, values: ['Role', 'ClusterRole'] }),
      name: text('Name of the Role.', required),
    }),
    subjects: list('Who gets it.', {
      kind: text('`ServiceAccount`, `User` or `Group`.', { ...required, values: ['ServiceAccount', 'User', 'Group'] }),
      name: text('Name of the account. The account of a waypoint has the name of its Gateway.', required),
      namespace: text('Namespace of the ServiceAccount.'),
    }),
  },
  '/Secret': {
    type: text('Kind of content.', { values: ['Opaque', 'kubernetes.io/tls'] }),
    stringData: textMap('Content as text.'),
    data: textMap('Content in base64.'),
  },
  '/ConfigMap': { data: textMap('Content as text.') },
  '/Pod': { spec: map('What the pod runs.', pod, required) },
  'apps/Deployment': controller,
  'apps/StatefulSet': controller,
  'apps/DaemonSet': controller,
  'batch/Job': { spec: map('The pods of the job.', { template }, required) },
  'batch/CronJob': {
    spec: map(
      'When jobs run, and what.',
      {
        schedule: text('Times, such as `*/5 * * * *`.', required),
        jobTemplate: map('The jobs.', { spec: map('The pods of a job.', { template }, required) }, required),
      },
      required,
    ),
  },
};

/** Beside `metadata`; undefined for kinds that are not listed. */
export function kubernetesFields(apiVersion: string, kind: string): KubernetesFields | undefined {
  return fieldsByKind[`${groupOf(apiVersion)}/${kind}`];
}

/** The field that a path leads to; an item of a list is described by its list. */
export function kubernetesField(apiVersion: string, kind: string, path: FieldPath): KubernetesField | undefined {
  let fields = kubernetesFields(apiVersion, kind);
  let here: KubernetesField | undefined;
  for (const step of path) {
    if (typeof step === 'number') continue;
    here = below(here, fields, step);
    if (!here) return undefined;
    ({ fields } = here);
  }
  return here;
}

function below(
  field: KubernetesField | undefined,
  fields: KubernetesFields | undefined,
  name: string,
): KubernetesField | undefined {
  if (field?.type === 'map of strings') return text('');
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
}
