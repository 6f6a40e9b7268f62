// The commands, as help and completion show them.

interface CommandEntry {
  /** The words after the command. */
  readonly usage: string;
  readonly text: string;
  /** Whether it reads no manifests, so that the options about them do nothing. */
  readonly readsNothing?: true;
}

const table = {
  check: { usage: '[PATH...]', text: 'report problems (default PATH: .)' },
  fix: { usage: '[PATH...]', text: 'apply safe fixes' },
  migrate: { usage: '[PATH...]', text: 'move hosts from an egress gateway of sidecars to a waypoint' },
  trace: { usage: 'URL --from NS[/SA] [PATH...]', text: 'show each step of one request' },
  access: { usage: '[PATH...]', text: 'list which clients may call which host, port, method and path' },
  graph: { usage: '[PATH...]', text: 'draw clients, gateways and hosts as SVG' },
  test: { usage: '[PATH...]', text: 'run the expectations in *.egress-test.yaml' },
  log: { usage: '[FILE|-]', text: 'explain access-log lines (default: standard input)' },
  learn: { usage: '[LOG|-]', text: 'write the manifests that let through what leaves by an access log' },
  drift: { usage: '[PATH...]', text: 'show how the cluster differs from the files' },
  diff: {
    usage: 'BASE [HEAD] [PATH...]',
    text: 'show what a change opens and closes: git revisions, BASE...HEAD, two folders; default HEAD: the files as they are; with --cluster: what applying the files does',
  },
  stats: {
    usage: '[PATH...]',
    text: 'count hosts, gateways and findings, and the share that goes through a gateway, is limited by policies, encrypted and logged',
  },
  new: {
    usage: 'route [FOLDER]',
    text: 'write the manifests of a route to an external host: asks what no option says, shows the files, the requests and who may call, then asks to write',
  },
  explain: { usage: '[RULE]', text: "print a rule's page; without RULE, list all rules", readsNothing: true },
  completion: {
    usage: 'bash|zsh|fish',
    text: 'print a script that completes commands, options and their values in this shell',
    readsNothing: true,
  },
  lsp: { usage: '--stdio', text: 'run the language server for editors', readsNothing: true },
  mcp: {
    usage: '[FOLDER...]',
    text: 'answer agents over the Model Context Protocol (stdio): check, trace, access and explain for these folders only; nothing is changed',
    readsNothing: true,
  },
  help: { usage: '[COMMAND]', text: 'show all commands and options, or those of one command', readsNothing: true },
  version: { usage: '', text: 'print the version and the Istio releases that it knows', readsNothing: true },
} as const satisfies Readonly<Record<string, CommandEntry>>;

export type Command = keyof typeof table;
export const commandTable: Readonly<Record<Command, CommandEntry>> = table;

export function isCommand(word: string): word is Command {
  return Object.hasOwn(table, word);
}

export const commands: readonly Command[] = Object.keys(table).filter(isCommand);
