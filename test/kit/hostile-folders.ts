// Folders that are made to exhaust whatever reads them, each in a size that is read in a moment.
const lines = (count: number, line: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => `${line(at)}\n`).join('');
const head = (kind: string, name: string, group = 'networking.istio.io') =>
  `apiVersion: ${group}/v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\n`;
const entry = (at: number, host = `h${at}.example.com`) =>
  `${head('ServiceEntry', `a${at}`)}spec:\n  hosts: ["${host}"]\n  ports: [{ number: 80, name: http, protocol: HTTP }]\n  resolution: DNS\n`;
const api = entry(0, 'api.example.com');
const broken = `${head('ServiceEntry', 'a')}spec:\n`;
const inList = (at: number) =>
  `- apiVersion: networking.istio.io/v1\n  kind: ServiceEntry\n  metadata: { name: a${at} }\n  spec:\n    hosts: [h${at}.example.com]\n    exportTo: [".", "."]`;
const list = `apiVersion: v1\nkind: List\nitems:\n${lines(60, inList)}`;
const stars = ['**********a/b', 'a*a*a*a*a*a*a*a*a*a*b', '**/a*a*a*a*a*a*a*a*a*a*.yml'];
/** As a path of a rule, in the syntax of RE2: each goes over all ways in an engine that goes back. */
const expressions = ['(a+)+b', '(a|a)*b', '(.*a){20}', '((x*)*)*y', '(a?){30}a{30}'];

export const hostileFolders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'numbers in a list of texts': { 'a.yaml': `${broken}  hosts:\n${lines(300, () => '  - 1')}` },
  'documents without a kind': { 'a.yaml': 'apiVersion: networking.istio.io/v1\n---\n'.repeat(100) },
  'unknown fields': { 'a.yaml': broken + lines(2000, (at) => `  f${at}: 1`) },
  '4,000 suppressions without a finding': {
    'a.yaml': lines(4000, () => '# istio-egress-ignore unknown-field: why') + api,
  },
  'suppressions of each line': {
    'a.yaml': broken + lines(500, (at) => `  # istio-egress-ignore unknown-field: why\n  f${at}: 1`),
  },
  'a host of a million letters': { 'a.yaml': entry(0, `${'a.'.repeat(500_000)}com`) },
  'a label of a million letters': { 'a.yaml': entry(0, `${'a'.repeat(1_000_000)}.com`) },
  'brackets within each other': { 'a.yaml': `${broken}  x: ${'{a: '.repeat(100_000)}` },
  'dashes within each other': { 'a.yaml': `${broken}  ${'- '.repeat(100_000)}` },
  'more items than are read': { 'a.yaml': `apiVersion: v1\nkind: List\nitems: [${'1,'.repeat(1_000_001)}1]\n` },
  'empty documents': { 'a.yaml': '---\n'.repeat(20_000) },
  'each alias ten of the one before': {
    'a.yaml': `${broken}  k0: &a0 [1]\n${lines(30, (at) => `  k${at + 1}: &a${at + 1} [${Array(10).fill(`*a${at}`).join(', ')}]`)}`,
  },
  'each anchor an alias of the one before': {
    'a.yaml': `${broken}  k0: &a0 x\n${lines(1000, (at) => `  k${at + 1}: &a${at + 1} *a${at}`)}`,
  },
  'one object by many aliases': {
    'a.yaml': `apiVersion: v1\nkind: List\nx: &a\n${inList(0).replace(/^- /, '  ')}\nitems:\n${lines(100, () => '- *a')}`,
  },
  'a quote opened on each of 5,000 lines': { 'a.yaml': broken + lines(5000, () => '  a: "') },
  'copies of one object': { 'a.yaml': Array(60).fill(api).join('---\n') },
  'a List': { 'a.yaml': list },
  'a List with a syntax error': { 'a.yaml': `${list}broken\n` },
  'a List with an alias': {
    'a.yaml': list.replace('items:', 'x: &p [".", "."]\nitems:').replace('[".", "."]\n- ', '*p\n- '),
  },
  'patterns of many stars': {
    '.istio-egress.yaml': `ignore:\n${stars.map((one) => `- "${one}"\n`).join('')}`,
    [`${'a'.repeat(100)}/${'a'.repeat(200)}.yaml`]: api,
  },
  'expressions of which each is tried in all ways': {
    'a.yaml': `${api}---\n${head('VirtualService', 'v')}spec:\n  hosts: [api.example.com]\n  http:\n${expressions.map((one) => `  - match: [{ uri: { regex: "/${one}" } }]\n    route: [{ destination: { host: api.example.com } }]\n`).join('')}`,
    'a.egress-test.yaml': `- from: shop/a\n  request: http://api.example.com/${'a'.repeat(5000)}!\n  expect: allowed\n`,
  },
  '10,000 severities of unknown rules': {
    '.istio-egress.yaml': `severities:\n${lines(10_000, (at) => `  nope${at}: error`)}`,
    'a.yaml': api,
  },
  'expectations with mistakes': {
    'a.yaml': api,
    'a.egress-test.yaml': lines(3000, (at) => `- name: t${at}\n  frm: a`),
  },
  'kustomizations in a circle': Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [
      `k${at}/kustomization.yaml`,
      `resources: [../k${(at + 1) % 60}, ../k${(at * 7 + 3) % 60}]\n`,
    ]),
  ),
  'hosts and ports': {
    'a.yaml': `${broken}  hosts:\n${lines(15, (at) => `  - h${at}.example.com`)}  ports:\n${lines(15, (at) => `  - { number: ${at + 1}, name: p${at}, protocol: HTTP }`)}  resolution: DNS\n`,
  },
};
