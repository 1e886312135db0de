import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * An address that leads to one Redis or another, as operators have it in front of a master and its replica: new
 * connections go to the present one, and those that are open stay where they are.
 */
export class RedisAddress {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port: number;

  private constructor(port: number) {
    this.#port = port;
    this.#server = createServer((socket) => this.#forward(socket));
  }

  /** Opens an address that leads to the Redis at a port of the loopback. */
  static async open(port: number): Promise<RedisAddress> {
    const address = new RedisAddress(port);
    await new Promise<void>((resolve) => address.#server.listen(0, '127.0.0.1', resolve));
    return address;
  }

  get url(): string {
    const address = this.#server.address();
    return `redis://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  /** Has new connections go to the Redis at another port. */
  leadTo(port: number): void {
    this.#port = port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #forward(near: Socket): void {
    const far = connect(this.#port, '127.0.0.1');
    const ends = [near, far] as const;
    for (const end of ends) {
      this.#sockets.add(end);
      // An end that is lost takes the other one along.
      end.on('error', () => {});
      end.on('close', () => {
        this.#sockets.delete(end);
        for (const each of ends) each.destroy();
      });
    }
    near.pipe(far).pipe(near);
  }
}
