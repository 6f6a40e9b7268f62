// Folders to be read: only relevant files, or as in real repositories, where nine of ten files are something else.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const relevant = (i: number) => `# Egress of team ${i}.
apiVersion: v1
kind: Namespace
metadata:
  name: team-${i}
  labels:
    istio.io/use-waypoint: egress
    istio.io/use-waypoint-namespace: gateways
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: partner
  namespace: team-${i}
  labels:
    app.kubernetes.io/name: partner-${i}
spec:
  hosts:
  - api-${i}.partner.example
  - files-${i}.partner.example
  ports:
  - number: 80
    name: http
    protocol: HTTP
    targetPort: 443
  - number: ${8000 + (i % 900)}
    name: metrics
    protocol: TCP
  location: MESH_EXTERNAL
  resolution: DNS
  exportTo:
  - "."
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: partner
  namespace: team-${i}
spec:
  host: api-${i}.partner.example
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: ${100 + (i % 900)}
        connectTimeout: 3s
    outlierDetection:
      consecutive5xxErrors: 5
      interval: 30s
    portLevelSettings:
    - port:
        number: 80
      tls:
        mode: SIMPLE # for targetPort 443
        sni: api-${i}.partner.example
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: partner
  namespace: team-${i}
spec:
  targetRefs:
  - group: networking.istio.io
    kind: ServiceEntry
    name: partner
  action: ALLOW
  rules:
  - from:
    - source:
        serviceAccounts: ["team-${i}/reader"]
    to:
    - operation:
        methods: ["GET"]
        paths: ["/v1/*"]
`;

const lines = (count: number, line: (k: number) => string) => Array.from({ length: count }, (_, k) => line(k)).join('');

const deployment = (i: number) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop-${i}
  namespace: team-${i % 97}
  labels:
    app: shop-${i}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: shop-${i}
  template:
    metadata:
      labels:
        app: shop-${i}
    spec:
      serviceAccountName: shop-${i}
      containers:
      - name: main
        image: registry.example/shop:${i % 100}
        env:
${lines(14, (k) => `        - name: OPTION_${k}\n          value: "${i * k}"\n`)}        resources:
          requests: { cpu: 100m, memory: 256Mi }
---
apiVersion: v1
kind: Service
metadata:
  name: shop-${i}
  namespace: team-${i % 97}
spec:
  selector:
    app: shop-${i}
  ports:
  - port: 80
    targetPort: http
`;

const configMap = (i: number) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings-${i}
  namespace: team-${i % 97}
data:
  app.properties: |
${lines(120, (k) => `    section.${k}.key = "value ${i * k}" # from the defaults\n`)}  dashboard.json: |-
    {
${lines(40, (k) => `      "panel${k}": {"a": ${k}, "b": [1, 2, ${i % 99}]},\n`)}      "end": null
    }
`;

const template = (i: number) => `{{- if .Values.shop${i}.enabled }}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ include "shop.fullname" . }}-${i}
  namespace: {{ .Release.Namespace | quote }}
  labels:
    {{- include "shop.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicaCount }}
  template:
    spec:
      containers:
      - name: {{ .Chart.Name }}
        image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        {{- with .Values.resources }}
        resources:
          {{- toYaml . | nindent 10 }}
        {{- end }}
{{- end }}
`;

const values = (i: number) =>
  lines(60, (k) => `option${k}:\n  enabled: ${(i + k) % 2 === 0}\n  image:\n    tag: "${(i * k) % 100}"\n`);

function mixed(i: number): string {
  const share = i % 20;
  if (share % 10 === 0) return relevant(i);
  if (share < 9) return deployment(i);
  if (share < 13) return configMap(i);
  return share < 17 ? template(i) : values(i);
}

export type Corpus = 'relevant' | 'mixed';

/** 25 files to a folder. */
export function writeCorpus(folder: string, corpus: Corpus, files: number): void {
  const textOf = corpus === 'mixed' ? mixed : relevant;
  for (let i = 0; i < files; i++) {
    const inner = join(folder, `part-${Math.floor(i / 500)}`, `team-${Math.floor(i / 25) % 20}`);
    if (i % 25 === 0) mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, `file-${i}.yaml`), textOf(i));
  }
}

/** The relevant part as one file, of 80 lines and 1,700 characters for each group. */
export function oneFile(groups: number): string {
  return Array.from({ length: groups }, (_, i) => relevant(100_000 + i)).join('---\n');
}
