import {
  SymbolKind,
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  type Range,
} from 'vscode-languageserver';
import { mapInSteps } from '../../base/steps.ts';
import { placesIn, type PlacedSpan } from '../../engine/places.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { callItemAt, type CallEnd, type CallItem } from '../../features/navigation/call-items.ts';
import { incomingCalls, outgoingCalls, type Call } from '../../features/navigation/calls.ts';
import type { Answer } from '../handler.ts';
import { longAnswer, takeInSlices } from '../long-answer.ts';
import type { AtPosition } from '../protocol/standard.ts';
import type { CallHierarchyRequest, CallHierarchyData } from '../protocol/call-hierarchy.ts';
import type { Session } from '../session.ts';

export function prepareCallHierarchy(
  session: Session,
  { textDocument: { uri }, position }: AtPosition,
): CallHierarchyItem[] | null {
  const place = session.placeOf(uri);
  const item = place && callItemAt({ ...place, uri }, place.lines.offsetAt(position));
  return place && item ? [toItem(placing(session, place.workspace), item)] : null;
}

export const callHierarchyIncoming: Answer<CallHierarchyRequest, CallHierarchyIncomingCall[]> = (
  session,
  { item },
  token,
) =>
  longAnswer(session, token, function* () {
    const workspace = session.workspaceFor(item.uri);
    const place = placing(session, workspace);
    const calls = yield* incomingCalls(workspace.mesh, endOf(item.data));
    const found = yield* mapInSteps(calls, (call) => {
      const from = toItem(place, call.item);
      return { from, fromRanges: rangesIn(from, call, place) };
    });
    return [...found];
  });

export const callHierarchyOutgoing: Answer<CallHierarchyRequest, CallHierarchyOutgoingCall[]> = async (
  session,
  { item },
  token,
) => {
  const workspace = session.workspaceFor(item.uri);
  const place = placing(session, workspace);
  const found: CallHierarchyOutgoingCall[] = [];
  await takeInSlices(session, outgoingCalls(workspace.mesh, endOf(item.data)), {
    token,
    take(call) {
      if (call) found.push({ to: toItem(place, call.item), fromRanges: rangesIn(item, call, place) });
    },
  });
  return found;
};

type Place = (at: CallItem['at']) => PlacedSpan;

function placing(session: Session, workspace: Workspace): Place {
  const place = placesIn(workspace, session.sources);
  return ({ resource, at }) => place(resource, at);
}

function toItem(place: Place, { end, name, detail, at }: CallItem): CallHierarchyItem {
  const { uri, range } = place(at);
  const kind = end.type === 'hosts' ? SymbolKind.Interface : SymbolKind.Object;
  return { name, kind, detail, uri, range, selectionRange: range, data: dataOf(end) };
}

/** The caller's file is the one that an editor shows: what decides the call is marked there, else the caller. */
function rangesIn(
  { uri, selectionRange }: Pick<CallHierarchyItem, 'uri' | 'selectionRange'>,
  { because }: Call,
  place: Place,
): Range[] {
  const here = because.map(place).flatMap((one) => (one.uri === uri ? [one.range] : []));
  return here.length > 0 ? here : [selectionRange];
}

function dataOf(end: CallEnd): CallHierarchyData {
  if (end.type === 'hosts') return { hosts: end.hosts };
  const { subject } = end;
  if (subject === '*') return {};
  return { namespace: subject.namespace, ...(subject.serviceAccount && { serviceAccount: subject.serviceAccount }) };
}

function endOf({ hosts, namespace, serviceAccount }: CallHierarchyData): CallEnd {
  if (hosts) return { type: 'hosts', hosts };
  return { type: 'caller', subject: namespace === undefined ? '*' : { namespace, serviceAccount } };
}
