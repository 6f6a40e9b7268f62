// Protocols other than HTTP that a port shows by its number or name.

export interface WellKnownProtocol {
  readonly name: string;
  /** The server speaks first, so nothing can be detected from the client's bytes. istio.io: Protocol Selection, Server First Protocols. */
  readonly isServerFirst: boolean;
  /** TLS begins inside the protocol, after plaintext, and not with the first byte. */
  readonly negotiatesTls: boolean;
  readonly ports: readonly number[];
  readonly words: readonly string[];
}

const protocols: readonly WellKnownProtocol[] = [
  { name: 'MySQL', isServerFirst: true, negotiatesTls: true, ports: [3306], words: ['mysql', 'mariadb'] },
  { name: 'SMTP', isServerFirst: true, negotiatesTls: true, ports: [25, 587], words: ['smtp', 'submission'] },
  { name: 'FTP', isServerFirst: true, negotiatesTls: true, ports: [21], words: ['ftp'] },
  { name: 'SSH', isServerFirst: true, negotiatesTls: false, ports: [22], words: ['ssh', 'sftp'] },
  { name: 'POP3', isServerFirst: true, negotiatesTls: true, ports: [110], words: ['pop3'] },
  { name: 'IMAP', isServerFirst: true, negotiatesTls: true, ports: [143], words: ['imap'] },
  { name: 'MongoDB', isServerFirst: true, negotiatesTls: false, ports: [27017], words: ['mongo', 'mongodb'] },
  {
    name: 'PostgreSQL',
    isServerFirst: false,
    negotiatesTls: true,
    ports: [5432],
    words: ['postgres', 'postgresql', 'pgsql'],
  },
  { name: 'SQL Server', isServerFirst: false, negotiatesTls: true, ports: [1433], words: ['mssql', 'sqlserver'] },
  { name: 'Oracle', isServerFirst: false, negotiatesTls: false, ports: [1521], words: ['oracle'] },
  { name: 'Redis', isServerFirst: false, negotiatesTls: false, ports: [6379], words: ['redis'] },
  { name: 'AMQP', isServerFirst: false, negotiatesTls: false, ports: [5672], words: ['amqp'] },
  { name: 'Cassandra', isServerFirst: false, negotiatesTls: false, ports: [9042], words: ['cassandra'] },
];

/** Databases and mail servers whose clients ask for TLS in plaintext, so that TLS from the first byte is refused. */
export function negotiatorOn(port: number): WellKnownProtocol | undefined {
  return protocols.find(({ ports, negotiatesTls }) => negotiatesTls && ports.includes(port));
}

/** Whose server sends first on that port. */
export function serverFirstOn(port: number): WellKnownProtocol | undefined {
  return protocols.find(({ ports, isServerFirst }) => isServerFirst && ports.includes(port));
}

/** By the port's number; by its name where that says nothing else, such as `tcp-mysql` or `mysql-3306`. */
export function wellKnownProtocol(numbers: readonly number[], name: string | undefined): WellKnownProtocol | undefined {
  const word = /^(?:tcp-)?([a-z\d]+?)(?:-\d+)?$/.exec((name ?? '').toLowerCase())?.[1] ?? '';
  return protocols.find(({ ports, words }) => words.includes(word) || numbers.some((number) => ports.includes(number)));
}
