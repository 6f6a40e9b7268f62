// Sets of an egress gateway, whole and with each fault: trace, access, its difference, hover, lens, map, log and findings say the same.
// UPDATE_GOLDEN=1 writes what they say; review it against server/docs/istio-semantics-classic.md §L.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Workspace } from '../../../server/src/engine/workspace.ts';
import { accessRows } from '../../../server/src/eval/access/access.ts';
import type { AccessRow } from '../../../server/src/eval/access/row.ts';
import { subjectText } from '../../../server/src/eval/access/wording.ts';
import { parseRequest } from '../../../server/src/eval/trace/parse-request.ts';
import type { Trace } from '../../../server/src/eval/trace/step.ts';
import { trace } from '../../../server/src/eval/trace/trace.ts';
import { lensesIn, lensTitle } from '../../../server/src/features/code-lens.ts';
import { accessChanges } from '../../../server/src/features/difference/access-changes.ts';
import { egressMap } from '../../../server/src/features/egress-map.ts';
import { factsOf } from '../../../server/src/features/facts/facts.ts';
import { sayFacts } from '../../../server/src/features/facts/say.ts';
import { completeByDefault } from '../../../server/src/mesh/index/vouching.ts';
import { classicCases, urlsOfSets, type ClassicCase } from '../../kit/classic-faults.ts';
import { newWorkspace } from '../../kit/workspace.ts';

const golden = join(import.meta.dirname, '../golden/classic-faces.txt');
const host = 'news.example.com';
const [gateway, client] = ['istio-system/istio-egressgateway', { namespace: 'shop', serviceAccount: 'reader' }];

function workspaceOf(files: ClassicCase['files']): Workspace {
  const workspace = newWorkspace({ completeKinds: [...completeByDefault, 'Secret'] });
  for (const [name, text] of Object.entries(files)) workspace.setFile(`file:///${name}`, text);
  workspace.refresh();
  return workspace;
}

interface Faces {
  readonly mesh: Workspace['mesh'];
  readonly trace: Trace;
  readonly row: AccessRow | undefined;
  /** By kind. */
  readonly lenses: ReadonlyMap<string, string>;
  readonly hover: string;
  /** The lists of the map that have the host with the port of the request. */
  readonly map: readonly string[];
  /** `rule@file`, warnings and errors in capitals. */
  readonly findings: readonly string[];
}

function facesOf({ set, files }: ClassicCase): Faces {
  const workspace = workspaceOf(files);
  const { mesh } = workspace;
  const request = parseRequest({ url: urlsOfSets[set], from: 'shop/reader' });
  assert.ok(!('problem' in request));
  const uris = [...workspace.uris];
  const rows = accessRows(mesh).filter((row) => row.host === host && row.port === request.port);
  const of = (subject: string) => rows.find(({ from }) => subjectText(from) === subject);
  const [entry] = mesh.all('ServiceEntry');
  const facts = entry && factsOf(mesh, entry);
  const map = egressMap(mesh, ({ name }) => name);
  const hasPort = (one: (typeof map.past)[number]) => one.ports.some(({ number }) => number === request.port);
  return {
    mesh,
    trace: trace(mesh, request),
    row: of(`${client.namespace}/${client.serviceAccount}`) ?? of('other accounts in shop'),
    lenses: new Map(
      uris.flatMap((uri) =>
        lensesIn(workspace, uri).map(
          ({ subject }) => [subject.kind, lensTitle(workspace, uri, subject) ?? ''] as const,
        ),
      ),
    ),
    hover: facts ? sayFacts(facts).map(plain).join('\n') : '',
    map: [
      ...map.gateways.flatMap(({ namespace, name, hosts }) =>
        hosts.filter(hasPort).map(({ why }) => `${namespace}/${name}${why === '' ? '' : `: ${why}`}`),
      ),
      ...map.past.filter(hasPort).map(({ why }) => `past: ${why}`),
      ...map.unclear.filter(hasPort).map(({ why }) => `unclear: ${why}`),
    ],
    findings: uris.flatMap((uri) =>
      workspace.findings(uri).map(({ rule, severity }) => {
        const place = `${rule}@${uri.replace('file:///', '').replace('.yaml', '')}`;
        return severity === 'warning' || severity === 'error' ? place.toUpperCase() : place;
      }),
    ),
  };
}

function plain({ label, words }: ReturnType<typeof sayFacts>[number]): string {
  return `${label}: ${words.map((part) => (typeof part === 'string' ? part : part.text)).join('')}`;
}

/** Other paths than those of the rule get 404 from the sidecar, which may be meant. */
const isPartly = (fault: string) => fault.startsWith('L.40');

const cases = classicCases().map((one) => ({ ...one, name: `${one.set} · ${one.fault}`, faces: facesOf(one) }));

test('every set, whole and with each fault, is told as it was reviewed', () => {
  const text = cases
    .map(({ name, faces: { trace: found, row, lenses, map, findings } }) =>
      [
        name,
        `  trace ${found.verdict}${found.cause ? ` ${found.cause}` : ''}${found.gateway ? ' at the gateway' : ''}`,
        ...found.hops.map(({ proxy, status, flags }) => `  log of ${proxy} ${status ?? 0} ${flags.join('|') || '-'}`),
        ...(row ? [`  access ${row.access} ${row.via}${row.bypasses ? ' bypasses' : ''}`] : []),
        `  map ${map.join(' | ')}`,
        ...['ServiceEntry', 'VirtualService', 'IstioGateway', 'AuthorizationPolicy'].flatMap((kind) =>
          lenses.has(kind) ? [`  ${kind}: ${lenses.get(kind)}`] : [],
        ),
        `  ${[...new Set(findings)].join(' ')}`.trimEnd(),
      ].join('\n'),
    )
    .join('\n');
  if (process.env['UPDATE_GOLDEN']) writeFileSync(golden, `${text}\n`);
  assert.equal(`${text}\n`, readFileSync(golden, 'utf8'));
});

test('what goes wrong in a trace is found, and what goes through the gateway is on the map below it', () => {
  for (const { name, fault, faces } of cases) {
    const { verdict, gateway: taken } = faces.trace;
    const isFine = verdict === 'allowed' && taken !== undefined;
    // Without its Namespace, clients may be anybody; policies may well deny.
    const isOpen = fault === 'without namespace.yaml' || /^L\.6[12]/.test(fault) || isPartly(fault);
    if (!isFine && !isOpen) assert.ok(faces.findings.length > 0, `${name}: nothing is found`);
    if (isFine) assert.ok(faces.map.includes(gateway), `${name}: ${faces.map.join()}`);
    if (verdict === 'bypasses' && faces.row?.bypasses !== false && !fault.startsWith('L.5'))
      assert.ok(
        faces.map.every((list) => list.startsWith('past: skips egress gateway')),
        `${name}: ${faces.map.join()}`,
      );
  }
});

test('access follows the trace: through the gateway or past it, denied or let through', () => {
  for (const { name, fault, faces } of cases) {
    const { trace: found, row } = faces;
    if (!row || found.verdict === 'undetermined' || isPartly(fault)) continue;
    if (row.access !== 'undetermined') assert.equal(row.via === 'gateway', found.gateway !== undefined, name);
    if (found.verdict === 'denied') assert.notEqual(row.access, 'all', name);
    if (found.verdict === 'allowed') assert.notEqual(row.access, 'none', name);
    assert.equal(row.bypasses ?? false, found.verdict === 'bypasses', name);
  }
});

test('hover and lens of the entry name the gateway where requests go through it, and never where they surely do not', () => {
  for (const { name, fault, faces } of cases) {
    const title = faces.lenses.get('ServiceEntry');
    if (title === undefined || isPartly(fault) || /^L\.5[67] (a pod|ports)/.test(fault)) continue;
    const { verdict, gateway: taken } = faces.trace;
    const isThrough = taken !== undefined && (verdict === 'allowed' || verdict === 'denied');
    if (verdict !== 'undetermined')
      assert.equal(title.includes(`via egress gateway ${gateway}`), isThrough, `${name}: ${title}`);
    if (isThrough) {
      assert.match(faces.hover, /from clients with sidecars through egress gateway/, name);
      assert.doesNotMatch(faces.hover, /Traffic goes direct/, name);
    }
    if (verdict === 'fails' && taken) assert.match(faces.hover, /but requests fail: /, name);
  }
});

test('the difference from the whole set says what changes for the client, and nothing where no answer changes', () => {
  const wholes = new Map(cases.filter(({ fault }) => fault === '-').map((one) => [one.set, one]));
  for (const { name, set, fault, faces } of cases) {
    if (isPartly(fault)) continue;
    const whole = wholes.get(set)!;
    const { changes } = accessChanges(whole.faces.mesh, faces.mesh);
    const own = changes.filter(
      ({ from, host: called }) => from !== '*' && from.namespace === 'shop' && called === host,
    );
    const isSame = faces.row?.access === 'all' && faces.row.via === 'gateway' && faces.trace.verdict === 'allowed';
    if (!isSame) assert.ok(own.length > 0 || faces.row === undefined || faces.trace.verdict === 'allowed', name);
    if (faces.row?.access === 'none')
      assert.ok(
        own.some(({ what }) => what === 'closed'),
        name,
      );
    if (faces.row?.bypasses)
      assert.ok(
        own.some(({ bypasses }) => bypasses),
        name,
      );
  }
});
