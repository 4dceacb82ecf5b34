import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainedListening, Unstartable, whyOf } from './unstartable.js';

const thrownBy = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

describe('why a program ends', () => {
  it('is its own sentence, with 2 where it was started wrongly', () => {
    expect(whyOf(new Unstartable('start.no-database', { name: 'api' }), 'en')).toEqual({
      code: 2,
      says: expect.stringMatching(/^DATABASE_URL is not set/),
    });
    expect(whyOf(new Unstartable('queue.evicts', { queue: 'redis://q', policy: 'lru' }), 'zh')).toEqual({
      code: 1,
      says: expect.stringContaining('noeviction'),
    });
  });

  it('names the folder that stands where a file has to be, and the file that stands where a folder has to be', () => {
    const folder = mkdtempSync(join(tmpdir(), 'duban-why-'));
    expect(whyOf(Object.assign(thrownBy(() => readFileSync(folder)) as Error, { path: folder }), 'en').says).toBe(
      `${folder} is a folder where a file has to be: move it away and try again.`,
    );
    rmSync(folder, { recursive: true });
    expect(
      whyOf(
        thrownBy(() => mkdtempSync('package.json/x')),
        'en',
      ).says,
    ).toMatch(/has a file above it/);
    expect(
      whyOf(
        thrownBy(() => readFileSync('/none/at/all')),
        'en',
      ).says,
    ).toMatch(/^\/none\/at\/all cannot be used \(ENOENT\)/);
  });

  it('names the server that does not answer, and what PostgreSQL says', async () => {
    const [error] = await once(connect(1, '127.0.0.1'), 'error').catch((error: unknown) => [error]);
    expect(whyOf(error, 'en').says).toMatch(/^127\.0\.0\.1:1 does not answer \(ECONNREFUSED\)/);
    expect(whyOf(new AggregateError([error]), 'zh').says).toMatch(/^127\.0\.0\.1:1 没有应答/);
    const refused = Object.assign(new Error('password authentication failed for user "duban"'), { severity: 'FATAL', code: '28P01' });
    expect(whyOf(refused, 'en').says).toMatch(/^PostgreSQL does not let us in \(password authentication failed/);
  });

  it.each([
    ['unavailable', /^EVENT_STORE_URL 指向的事件库没有应答（why）/, /^The event store of EVENT_STORE_URL does not answer \(why\)/],
    ['denied', /^EVENT_STORE_URL 指向的事件库拒绝了连接（why）/, /^The event store of EVENT_STORE_URL does not let us in \(why\)/],
    ['bad-address', /^EVENT_STORE_URL 无法使用（why）/, /^EVENT_STORE_URL cannot be used \(why\)/],
  ])('says what to do about an event store that is %s', (code, zh, en) => {
    const error = Object.assign(new Error('why'), { code });
    expect(whyOf(error, 'zh').says).toMatch(zh);
    expect(whyOf(error, 'en').says).toMatch(en);
  });

  it('says of what nobody foresaw where it happened, below the sentence', () => {
    const { code, says } = whyOf(new TypeError('x is not a function'), 'en');
    const [sentence, ...lines] = says.split('\n');
    expect([code, sentence]).toEqual([1, expect.stringMatching(/^Something went wrong that was not foreseen: x is not a function/)]);
    expect(lines.join('\n')).toContain('unstartable.spec');
    expect(whyOf('only words', 'zh').says).toMatch(/^出现了未预料的错误：only words/);
  });
});

describe('an address to listen on', () => {
  it.each([
    ['a port that is taken', 'listen.port-taken', '127.0.0.1'],
    ['an address of another machine', 'listen.host-unknown', '192.0.2.1'],
  ])('says so of %s', async (_, code, host) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const [error] = await once(createServer().listen(port, host), 'error').catch((error: unknown) => [error]);
    expect(explainedListening(error, host, port)).toMatchObject({ code, details: { host, port } });
    server.close();
  });
});
