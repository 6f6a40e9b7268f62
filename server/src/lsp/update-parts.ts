// What keeping the findings in sync with the folders needs of the rest of the server.
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Rules } from '../engine/workspace-options.ts';
import type { Folders } from './folders.ts';
import type { Guard } from './guard.ts';
import type { DiagnosticsSink } from './publisher.ts';
import type { Renderings } from './renderings.ts';
import type { TextStore } from './text-store.ts';

export interface UpdateParts {
  readonly folders: Folders;
  readonly renderings: Renderings;
  readonly publisher: DiagnosticsSink;
  readonly texts: TextStore;
  readonly rules: Rules;
  readonly guard: Guard;
  readonly openDocuments: () => readonly TextDocument[];
  readonly pageUri: (rule: string) => string | undefined;
  readonly today: () => string;
  /** Lets waiting messages through. */
  readonly pause: () => Promise<void>;
  /** Answers to earlier questions may be different now. */
  readonly answersChanged: () => void;
}
