// corpus.ts FILE: writes lines.txt anew from lines that by-hand.ts --lines FILE collected: one of each shape.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shapeOf } from './line-shape.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: corpus.ts FILE');
const shapes = new Set(readFileSync(file, 'utf8').trim().split('\n').map(shapeOf));
writeFileSync(join(import.meta.dirname, 'lines.txt'), `${[...shapes].sort().join('\n')}\n`);
