import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shellQuoted } from '../../../server/src/cluster/tools/command.ts';
import {
  contextNameFault,
  namespaceNameFault,
  waypointNameFault,
} from '../../../server/src/cluster/tools/name-faults.ts';
import {
  applyCommand,
  generateCommand,
  requestFault,
  type ProvisionRequest,
  type TrafficType,
} from '../../../server/src/cluster/provision/provision-request.ts';
import { kubectl } from '../../../server/src/cluster/tools/target.ts';

const request: ProvisionRequest = {
  context: 'prod',
  namespace: 'egress',
  name: 'gate',
  enroll: true,
  tools: { kubectl: '/bin/kubectl', istioctl: '/bin/istioctl' },
};

test('the command that is run', () => {
  const cases: readonly (readonly [Partial<ProvisionRequest>, string])[] = [
    [{}, 'waypoint apply --name=gate --enroll-namespace --context=prod --namespace=egress'],
    [{ enroll: false }, 'waypoint apply --name=gate --context=prod --namespace=egress'],
    [
      { overwrite: true },
      'waypoint apply --name=gate --enroll-namespace --overwrite --context=prod --namespace=egress',
    ],
    [{ enroll: false, overwrite: true }, 'waypoint apply --name=gate --context=prod --namespace=egress'],
    [
      { trafficFor: 'all' },
      'waypoint apply --name=gate --for=all --enroll-namespace --context=prod --namespace=egress',
    ],
  ];
  for (const [more, expected] of cases) assert.equal(applyCommand({ ...request, ...more }).args.join(' '), expected);
  assert.deepEqual(generateCommand(request).args, [
    'waypoint',
    'generate',
    '--name=gate',
    '--context=prod',
    '--namespace=egress',
  ]);
});

test('nothing that a user gives becomes a flag or a second argument', () => {
  const context = '--kubeconfig=/tmp/x -n kube-system; rm -rf "$HOME"';
  assert.equal(requestFault({ ...request, context }), undefined, 'a context may be called anything');
  assert.deepEqual(kubectl({ ...request, context }, 'get', 'pods').args, [
    `--context=${context}`,
    '--namespace=egress',
    'get',
    'pods',
  ]);
  for (const bad of [
    '--all',
    '-A',
    'a b',
    'a/b',
    'a;b',
    'A',
    'ä',
    'a.b',
    '-a',
    'a-',
    'a\n',
    '\0',
    'a'.repeat(64),
    '',
  ]) {
    assert.ok(requestFault({ ...request, namespace: bad }), `namespace ${JSON.stringify(bad)}`);
    assert.ok(requestFault({ ...request, name: bad }), `name ${JSON.stringify(bad)}`);
  }
  assert.match(
    requestFault({ ...request, trafficFor: 'services' as TrafficType }) ?? '',
    /"services" is not a valid traffic type/,
  );
});

test('names', () => {
  for (const good of ['a', 'egress-gateway', '0', '1-2', 'a'.repeat(63), 'nonesuch']) {
    assert.equal(waypointNameFault(good), undefined, good);
    assert.equal(namespaceNameFault(good), undefined, good);
  }
  assert.match(waypointNameFault('none') ?? '', /reserved/);
  assert.equal(namespaceNameFault('none'), undefined);
  assert.match(waypointNameFault('a'.repeat(64)) ?? '', /64 characters; at most 63/);
  assert.ok(contextNameFault('') && contextNameFault('a\nb'));
  assert.equal(contextNameFault('arn:aws:eks:eu-central-1:1234:cluster/x'), undefined);
});

test('a shown command can be pasted into a shell', () => {
  const shown = shellQuoted({
    file: '/opt/my tools/kubectl',
    args: ["--context=it's", 'get', 'a*b', '', '$(x)', 'plain-1.2/x=y:z@%,+'],
  });
  assert.equal(shown, `'/opt/my tools/kubectl' '--context=it'\\''s' get 'a*b' '' '$(x)' plain-1.2/x=y:z@%,+`);
});
