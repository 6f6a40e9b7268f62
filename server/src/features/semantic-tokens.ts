// What the names in a manifest are: hosts, objects, namespaces; and whether anything in the folder makes them.
import type { Span } from '../base/span.ts';
import { drained, eachInSteps } from '../base/steps.ts';
import { declarationsOf } from '../references/declarations.ts';
import type { Entity } from '../references/entity.ts';
import { namesIn, type Navigated, type PlacedName } from './navigation/situations.ts';

/** Standard token types, so that every colour theme has a colour. */
export const tokenTypes = ['variable', 'class', 'namespace', 'property', 'number', 'enumMember'] as const;
export const tokenModifiers = ['declaration', 'unresolved'] as const;

export interface SemanticToken {
  /** In the file. */
  readonly span: Span;
  readonly type: (typeof tokenTypes)[number];
  readonly modifiers: readonly (typeof tokenModifiers)[number][];
}

/** In the order of the text; where names lie in each other, the outer one. */
export function semanticTokens(navigated: Navigated): readonly SemanticToken[] {
  return drained(semanticTokensInSteps(navigated));
}

export function* semanticTokensInSteps(navigated: Navigated): Generator<undefined, readonly SemanticToken[]> {
  const mesh = navigated.workspace.writtenMesh;
  const tokens: SemanticToken[] = [];
  const tokenOf = ({ span, entities, field }: PlacedName): SemanticToken => {
    const isMade = field.role === 'declaration' || entities.some((one) => declarationsOf(mesh, one).length > 0);
    const first = entities[0]!;
    const isKnowable = first.type === 'host' || first.type === 'subset' || first.type === 'port';
    return {
      span,
      type: typeOf(first),
      modifiers: [
        ...(field.role === 'declaration' ? (['declaration'] as const) : []),
        ...(!isMade && isKnowable ? (['unresolved'] as const) : []),
      ],
    };
  };
  yield* eachInSteps(namesIn(navigated), (name) => void tokens.push(tokenOf(name)));
  const ordered = tokens.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  return ordered.filter((token, i) => i === 0 || token.span.start >= endBefore(ordered, i));
}

function endBefore(tokens: readonly SemanticToken[], i: number): number {
  return Math.max(...tokens.slice(Math.max(0, i - 4), i).map(({ span }) => span.end));
}

function typeOf(entity: Entity): SemanticToken['type'] {
  switch (entity.type) {
    case 'host':
      return 'variable';
    case 'object':
      return entity.kind === 'Namespace' ? 'namespace' : 'class';
    case 'port':
      return 'number';
    case 'label':
      return 'property';
    default:
      return 'enumMember';
  }
}
