import { connect, createServer, type Server, type Socket } from 'node:net';

type Mood = 'well' | 'down' | 'silent' | 'losing-replies' | 'slow';

/** A line to a server that fails when told to, for the contract's faults. Listens on 127.0.0.1. */
export class FaultyLine {
  /** Bytes that have come from the server. */
  received = 0;
  private mood: Mood = 'well';
  private bytesPerSecond = Infinity;
  private readonly dead = new WeakSet<Socket>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async to(target: { host: string; port: number }): Promise<FaultyLine> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the line has no port');
    const line = new FaultyLine(server, address.port);
    server.on('connection', (near) => line.join(near, connect(target)));
    return line;
  }

  /** Open connections; grows with every client that is not released. */
  get connections() {
    return this.sockets.size / 2;
  }

  /** New connections work again; those that fell silent never do. */
  heal() {
    this.mood = 'well';
  }

  /** Ends the connections there are; new ones work. */
  cut() {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Ends all connections and refuses new ones. */
  down() {
    this.mood = 'down';
    this.cut();
  }

  /** Ends the connections as a server that shuts down in good order: with a word. New ones work. */
  end() {
    for (const socket of this.sockets) socket.end();
  }

  /** Ends the connections as a machine that restarted and knows nothing of them. New ones work. */
  reset() {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** So little passes in a second, each way of each connection. */
  slow(bytesPerSecond: number) {
    this.mood = 'slow';
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Nothing passes any more, as behind a dead router: connections stay open, new ones get no answer. */
  silence() {
    this.mood = 'silent';
    for (const socket of this.sockets) this.dead.add(socket);
  }

  /** The next reply is withheld and its connection ends; what was sent did reach the server. */
  loseNextReply() {
    this.mood = 'losing-replies';
  }

  async close() {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket, far: Socket) {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      if (this.mood === 'silent') this.dead.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.on('data', (bytes) => this.pass(bytes, from, to, from === far));
    }
    if (this.mood === 'down') near.destroy();
  }

  private pass(bytes: Buffer, from: Socket, to: Socket, reply: boolean) {
    if (this.dead.has(from)) return;
    if (reply) this.received += bytes.length;
    if (reply && this.mood === 'losing-replies') {
      this.mood = 'well';
      from.destroy();
      return;
    }
    if (this.mood === 'slow') {
      from.pause();
      setTimeout(() => to.write(bytes, () => from.resume()), (1_000 * bytes.length) / this.bytesPerSecond);
      return;
    }
    if (!to.write(bytes)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  }
}
