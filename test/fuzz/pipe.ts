// Messages from one end to the other, as they are after a way over the wire.
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';

export function pipe(): { readonly reader: MessageReader; readonly writer: MessageWriter } {
  const reader = new MemoryReader();
  return { reader, writer: new MemoryWriter(reader) };
}

class MemoryReader extends AbstractMessageReader {
  #take: DataCallback | undefined;
  #early: Message[] = [];

  listen(callback: DataCallback): Disposable {
    this.#take = callback;
    for (const message of this.#early.splice(0)) callback(message);
    return { dispose: () => (this.#take = undefined) };
  }

  put(text: string): void {
    const message = JSON.parse(text) as Message;
    setImmediate(() => (this.#take ? this.#take(message) : this.#early.push(message)));
  }
}

class MemoryWriter extends AbstractMessageWriter {
  readonly #reader: MemoryReader;

  constructor(reader: MemoryReader) {
    super();
    this.#reader = reader;
  }

  write(message: Message): Promise<void> {
    this.#reader.put(JSON.stringify(message));
    return Promise.resolve();
  }

  end(): void {
    // Nothing is held back.
  }
}
