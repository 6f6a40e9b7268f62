// Differences between files and cluster, by resource.
import type { Drift } from '../../../server/src/cluster/snapshot/drift.ts';
import type { Live } from '../cluster/live.ts';
import { fieldsOf, markIcons, markWords } from './marks.ts';
import { node, type Node } from './node.ts';

/** None where nothing was compared. */
export function differencesNode({ drift, snapshot }: Pick<Live, 'drift' | 'snapshot'>): readonly Node[] {
  if (!drift || !snapshot) return [];
  const found = [...drift].filter(([, one]) => one.what !== 'not-compared' || !one.byDesign);
  const count = found.filter(([, { what }]) => what !== 'not-compared').length;
  const description = count === 0 ? 'no differences between files and cluster' : String(count);
  return [
    node({
      id: 'differences',
      what: '',
      label: 'Differences',
      description,
      icon: ['diff'],
      contextValue: 'differences',
      children: found.map(([key, one]) => differenceNode(snapshot.context, key, one)),
    }),
  ];
}

function differenceNode(context: string, key: string, drift: Drift): Node {
  const { kind, namespace, name } = drift.what === 'extra' ? drift.live : drift.file;
  const label = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  const base = { id: `differences/${key}`, what: 'resource', label: name, kind, namespace, name, context };
  const words = (mark: string) => [kind, mark, namespace].filter((part) => part !== '').join(' · ');
  if (drift.what === 'not-compared')
    return node({
      ...base,
      description: words(`not compared: ${drift.why}`),
      icon: ['question'],
      contextValue: 'difference.not-compared',
    });
  const fields = fieldsOf(drift);
  return node({
    ...base,
    description: words(markWords[drift.what]),
    icon: markIcons[drift.what],
    contextValue: `difference.${drift.what}`,
    ...(fields.length > 0 && { tooltip: [`${label} ${markWords.different}`, ...fields].join('\n') }),
  });
}
