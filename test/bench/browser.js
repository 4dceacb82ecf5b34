import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';

const ANSWERS_WITHIN_MS = 30_000;

/** Somebody signed in, over connections that stay open; anything but success throws, and so does no answer. */
export class Browser {
  #agent = new Agent({ keepAlive: true, maxSockets: 6 });
  #cookie = '';
  #open = true;

  constructor(port) {
    this.port = port;
  }

  async signIn(login, password) {
    const { headers } = await this.send('POST', '/session', { login, password });
    this.#cookie = headers['set-cookie'][0].split(';')[0];
  }

  send(method, path, body, key = randomUUID()) {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        cookie: this.#cookie,
        ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...(method === 'GET' ? {} : { 'idempotency-key': key }),
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
      asked.setTimeout(ANSWERS_WITHIN_MS, () =>
        asked.destroy(new Error(`${method} ${path}: no answer within ${ANSWERS_WITHIN_MS / 1000} s`)),
      );
      asked.on('error', reject).end(text);
    });
  }

  /** Live updates as long as the browser is open; `onChange` for each, `onEnd` when they end before. */
  listen(onChange, onEnd) {
    return new Promise((resolve, reject) => {
      const asked = request(
        { agent: this.#agent, host: '127.0.0.1', port: this.port, path: '/api/changes', headers: { cookie: this.#cookie } },
        (answer) => {
          if (answer.statusCode !== 200) return reject(new Error(`GET /changes: ${answer.statusCode}`));
          answer.setEncoding('utf8').on('data', (text) => {
            for (let n = text.split('event: changed').length; n > 1; n--) onChange();
          });
          answer.on('error', () => {}).on('close', () => this.#open && onEnd());
          resolve();
        },
      );
      asked.on('error', reject).end();
    });
  }

  close() {
    this.#open = false;
    this.#agent.destroy();
  }
}
