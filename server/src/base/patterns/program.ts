// A regular expression as instructions, each leading to the next ones.
import type { Assertion, CharSet, ExpressionNode } from './expression.ts';

type Instruction =
  | { readonly kind: 'set'; readonly has: CharSet; readonly next: number }
  | { readonly kind: 'assertion'; readonly what: Assertion; readonly next: number }
  | { readonly kind: 'split'; readonly ways: readonly number[] }
  | { readonly kind: 'match' };

export interface Program {
  readonly instructions: readonly Instruction[];
  readonly start: number;
  readonly hasAssertions: boolean;
}

/** Larger programs are not run. Envoy refuses them too, save for some that it makes smaller: `least-size.ts`. */
const mostInstructions = 32_768;

/** Undefined if it is too large. */
export function compileExpression(node: ExpressionNode): Program | undefined {
  const compiler = new Compiler();
  const start = compiler.emit(node, compiler.push({ kind: 'match' }));
  const { instructions } = compiler;
  if (instructions.length > mostInstructions) return undefined;
  return { instructions, start, hasAssertions: instructions.some(({ kind }) => kind === 'assertion') };
}

class Compiler {
  readonly instructions: Instruction[] = [];

  push(instruction: Instruction): number {
    this.instructions.push(instruction);
    return this.instructions.length - 1;
  }

  /** From the end to the beginning: each instruction knows what follows. */
  emit(node: ExpressionNode, next: number): number {
    if (this.instructions.length > mostInstructions) return next;
    switch (node.kind) {
      case 'set':
        return this.push({ kind: 'set', has: node.has, next });
      case 'assertion':
        return this.push({ kind: 'assertion', what: node.what, next });
      case 'sequence':
        return node.parts.reduceRight((after, part) => this.emit(part, after), next);
      case 'choice':
        return this.push({ kind: 'split', ways: node.ways.map((way) => this.emit(way, next)) });
      case 'repeat':
        return this.#repeat(node, next);
    }
  }

  #repeat({ node, min, max }: Extract<ExpressionNode, { kind: 'repeat' }>, end: number): number {
    let next = max === undefined ? this.#loop(node, end) : end;
    for (let n = min; n < (max ?? 0) && !this.#isFull; n++)
      next = this.push({ kind: 'split', ways: [this.emit(node, next), end] });
    for (let n = 0; n < min && !this.#isFull; n++) next = this.emit(node, next);
    return next;
  }

  #loop(node: ExpressionNode, end: number): number {
    const ways = [end];
    const loop = this.push({ kind: 'split', ways });
    ways.push(this.emit(node, loop));
    return loop;
  }

  get #isFull(): boolean {
    return this.instructions.length > mostInstructions;
  }
}
