// What a shell offers for the start of a command line, asked of the shell itself.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Shell = 'bash' | 'zsh' | 'fish';

export function hasShell(shell: Shell): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0;
}

/** `line` is what stands behind the name of the command, up to the cursor; `folder` holds the script, and files to offer. */
export function offered(shell: Shell, line: string, folder: string): readonly string[] {
  const found = asks[shell](`istio-egress ${line}`, folder).split('\n');
  return [...new Set(found.filter((word) => word !== ''))].sort();
}

export function scriptIn(folder: string, shell: Shell): string {
  return join(folder, `completion.${shell}`);
}

const asks: Readonly<Record<Shell, (line: string, folder: string) => string>> = {
  /** readline makes words of their own of `=`. */
  bash(line, folder) {
    const words = line.split(/ |(=)/).filter((word) => word !== undefined);
    return output('bash', folder, [
      '--norc',
      '-c',
      `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _istio_egress; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      scriptIn(folder, 'bash'),
      ...words,
    ]);
  },
  fish(line, folder) {
    const command = `source $argv[1]; complete -C $argv[2]`;
    return output('fish', folder, ['-c', command, scriptIn(folder, 'fish'), line]).replaceAll(/\t.*/g, '');
  },
  /** Its completion needs a terminal: one shell types into another, and what is offered is written beside it. */
  zsh(line, folder) {
    const answer = join(folder, 'offered-by-zsh');
    writeFileSync(answer, '');
    writeFileSync(join(folder, 'asked.zsh'), asked(scriptIn(folder, 'zsh'), answer));
    const typing = `zmodload zsh/zpty; zpty shell zsh -f -i; zpty -w shell "source $1/asked.zsh"; zpty -r shell text '*is-ready*'
zpty -w -n shell "$2"$'\\t'; zpty -r shell text '*is-done*'; zpty -d shell`;
    output('zsh', folder, ['-f', '-c', typing, 'zsh', folder, line]);
    return readFileSync(answer, 'utf8');
  },
};

function asked(script: string, answer: string): string {
  return `autoload -U compinit; compinit -u -D; source ${script}
compadd() {
  local -a offered
  if [[ " $* " != *" -"[OAD]" "* ]]; then builtin compadd -A offered "$@"; print -rl -- $offered >> ${answer}; fi
  builtin compadd "$@"
}
say-done() { print is-''done }
comppostfuncs=(say-done)
print is-''ready
`;
}

function output(program: string, folder: string, args: readonly string[]): string {
  const { stdout } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', timeout: 60_000 });
  return stdout;
}
