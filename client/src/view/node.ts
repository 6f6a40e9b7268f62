// One view item as plain data: its text, its link, and the arguments of its commands.
import { visibleLine, visibleText } from '../../../server/src/base/visible.ts';
import type { Evidence } from '../../../server/src/lsp/protocol/shared.ts';

export type Side = 'workspace' | 'cluster';

export interface Node {
  /** The same from one reading to the next, so that what is open stays open. */
  readonly id: string;
  /** With the marks behind it, what `viewItem` in package.json matches: `host.workspace.different`. */
  readonly contextValue: string;
  readonly label: string;
  readonly description: string;
  /** What a screen reader says. */
  readonly spoken: string;
  readonly tooltip: string;
  /** A codicon, and a colour of the theme where it has one. What a colour says, the words say too. */
  readonly icon: readonly [name: string, color?: string];
  readonly expanded: boolean;
  readonly children: readonly Node[] | (() => Promise<readonly Node[]>);
  readonly place: Evidence | undefined;
  /** For commands that take a place. */
  readonly uri?: string;
  readonly line?: number;
  readonly character?: number;
  /** For commands that take an object of a cluster; `context` is the cluster's. */
  readonly context?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** For commands that take a host. */
  readonly host?: string;
}

type Given = Pick<Node, 'id' | 'label' | 'icon'> &
  Partial<Omit<Node, 'spoken' | 'tooltip'>> & { readonly tooltip?: string | undefined; readonly what: string };

/** `what` is the kind of thing for a screen reader: it cannot see the icon. */
export function node({ what, ...given }: Given): Node {
  const [label, description] = [visibleLine(given.label), visibleLine(given.description ?? '')];
  const { place, tooltip } = given;
  const spoken = [what, label, description.replaceAll(' · ', ', ')].filter((part) => part !== '').join(', ');
  const start = place?.range.start;
  const at = place && start ? { uri: place.uri, line: start.line, character: start.character } : {};
  const resource = place?.resource ?? {};
  return {
    contextValue: '',
    expanded: false,
    children: [],
    ...at,
    ...resource,
    ...given,
    place,
    label,
    description,
    spoken,
    tooltip: visibleText(tooltip ?? `${what} ${label}${description === '' ? '' : `\n${description}`}`),
  };
}
