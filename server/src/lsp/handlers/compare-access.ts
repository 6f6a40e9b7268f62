import { Draft } from '../../engine/draft.ts';
import { accessChangesInSteps } from '../../features/difference/access-changes.ts';
import { accessChangesMarkdown } from '../../features/difference/document.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { isRenderedUri } from '../../sources/rendered/rendered-files.ts';
import type { Handler } from '../handler.ts';
import { longAnswer } from '../long-answer.ts';
import type { Session } from '../session.ts';

type Base = { readonly name: string; readonly mesh: Mesh } | { readonly problem: string };

export const compareAccess: Handler<'istioEgress/compareAccess'> = (session, { uri, base: kind, revision }, token) =>
  longAnswer(session, token, function* () {
    const base = bases[kind](session, uri, revision ?? 'HEAD');
    if ('problem' in base) return base;
    const found = yield* accessChangesInSteps(base.mesh, session.workspaceFor(uri).mesh);
    const count = (what: (typeof found.changes)[number]['what']) =>
      found.changes.filter((change) => change.what === what).length;
    return {
      opened: count('opened'),
      closed: count('closed'),
      changed: count('changed'),
      markdown: accessChangesMarkdown(found, { before: base.name, after: 'the files' }),
    };
  });

const bases: Readonly<
  Record<'opened' | 'cluster' | 'revision', (session: Session, uri: string | null, revision: string) => Base>
> = { opened, cluster, revision: atRevision };

function opened(session: Session, uri: string | null): Base {
  const workspace = session.workspaceFor(uri);
  const before = new Draft(workspace, session.texts.hostOf(workspace));
  for (const file of workspace.uris) {
    const text = session.openedText(file);
    if (text !== undefined) before.setText(file, text);
  }
  return { name: 'the files as they were opened', mesh: before.mesh };
}

function cluster(session: Session): Base {
  const { known, alone } = session.cluster;
  return known && alone
    ? { name: `cluster ${known.context}`, mesh: alone.mesh }
    : { problem: 'No cluster was read. Run Istio Egress: Read Cluster, then compare again.' };
}

function atRevision(session: Session, uri: string | null, revision: string): Base {
  if ([...session.workspaceFor(uri).uris].some(isRenderedUri))
    return {
      problem: `Charts and overlays of this folder are rendered, and those of ${revision} are not. Run istio-egress diff ${revision} --render in a terminal.`,
    };
  const git = session.gitFor(uri);
  if (!git) return { problem: 'Git can be asked only in a trusted workspace on this computer.' };
  const commit = git.commitOf(revision);
  const files = commit.ok ? git.filesAt(commit.commit) : commit;
  if (!files.ok) return { problem: `${files.reason}.` };
  return { name: revision, mesh: session.workspaceAt(uri, files).mesh };
}
