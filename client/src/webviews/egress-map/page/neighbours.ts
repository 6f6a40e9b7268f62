// Where an arrow key leads on the map: up and down within a column, left and right to the nearest of the next column.

interface Middle {
  readonly column: number;
  readonly x: number;
  readonly y: number;
}

/** Undefined for other keys, and at an edge. */
export function neighbourOf(all: readonly SVGGElement[], from: SVGGElement, key: string): SVGGElement | undefined {
  const places = new Map(all.map((one) => [one, middleOf(one)]));
  const here = places.get(from);
  if (!here) return undefined;
  const nearest = (fits: (there: Middle) => boolean): SVGGElement | undefined =>
    [...places]
      .filter(([one, there]) => one !== from && fits(there))
      .sort(([, a], [, b]) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0]?.[0];
  switch (key) {
    case 'ArrowDown':
      return nearest(({ column, y }) => column === here.column && y > here.y);
    case 'ArrowUp':
      return nearest(({ column, y }) => column === here.column && y < here.y);
    case 'ArrowRight':
      return nearest(({ column }) => column === here.column + 1);
    case 'ArrowLeft':
      return nearest(({ column }) => column === here.column - 1);
    case 'Home':
      return all[0];
    case 'End':
      return all.at(-1);
    default:
      return undefined;
  }
}

const columns = ['client', 'gateway', 'host'];

function middleOf(stop: SVGGElement): Middle {
  const { x, y, height } = stop.getBoundingClientRect();
  const card = stop.closest('.card');
  return { column: columns.findIndex((name) => card?.classList.contains(name)), x, y: y + height / 2 };
}
