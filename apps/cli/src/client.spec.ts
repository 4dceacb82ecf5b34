import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from './client.js';

const keys: (string | undefined)[] = [];
let answers: [status: number, code: string][] = [];
const server = createServer((request, response) => {
  keys.push(request.headers['idempotency-key'] as string | undefined);
  const [status, code] = answers.shift() ?? [200, ''];
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ code }));
});
let client: Client;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'zh');
});
afterAll(() => server.close());
beforeEach(() => keys.splice(0));

it('repeats an act whose outcome nobody knows with the key it had, until somebody knows', async () => {
  answers = [
    [503, 'store.outcome-unknown'],
    [503, 'store.outcome-unknown'],
  ];
  expect(await client.post('/tasks/1/comments', { text: '请核实' })).toEqual({ code: '' });
  expect(keys).toEqual(Array.from({ length: 3 }, () => keys[0]));
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
});

it.each([
  [503, 'store.unavailable'],
  [422, 'body.invalid'],
])('asks once where the answer is clear: %i %s', async (status, code) => {
  answers = [[status, code]];
  await expect(client.post('/tasks/1/comments')).rejects.toMatchObject({ status, code });
  expect(keys.length).toBe(1);
});
