// A language server that answers `initialize` and does nothing else, without a library: what a start costs at least.
let text = '';
process.stdin.on('data', (chunk: Buffer) => {
  text += chunk.toString();
  const id = /"id":\s*(\d+)/.exec(text)?.[1];
  if (id === undefined) return;
  const body = JSON.stringify({ jsonrpc: '2.0', id: Number(id), result: { capabilities: {} } });
  process.stdout.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
});
