import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

/** Somebody signed in, over connections that stay open; anything but success throws. */
export class Browser {
  #agent = new Agent({ keepAlive: true });
  #cookie = '';

  constructor(port) {
    this.port = port;
  }

  async signIn(login, password) {
    const { headers } = await this.send('POST', '/session', { login, password });
    this.#cookie = headers['set-cookie'][0].split(';')[0];
  }

  send(method, path, body) {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        cookie: this.#cookie,
        ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...(method === 'GET' ? {} : { 'idempotency-key': randomUUID() }),
      };
      const asked = request({ agent: this.#agent, host: '127.0.0.1', port: this.port, path: `/api${path}`, method, headers }, (answer) => {
        const parts = [];
        answer.on('error', reject).on('data', (part) => parts.push(part));
        answer.on('end', () => {
          const said = Buffer.concat(parts).toString();
          if (answer.statusCode >= 300) reject(new Error(`${method} ${path}: ${answer.statusCode} ${said}`));
          else resolve({ headers: answer.headers, text: said });
        });
      });
      asked.on('error', reject).end(text);
    });
  }

  close() {
    this.#agent.destroy();
  }
}
