/** Texts of files as `ask` gives them, each once as long as no other file is asked for. Right only while no file changes. */
export function lastAnswer(ask: (uri: string) => string | undefined): (uri: string) => string | undefined {
  let last: { readonly uri: string; readonly text: string | undefined } | undefined;
  return (uri) => {
    if (last?.uri !== uri) last = { uri, text: ask(uri) };
    return last.text;
  };
}
