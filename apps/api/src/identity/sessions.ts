import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AccountRole, Actor } from '@app/domain/actor.js';
import { isTransient } from '@app/read-models/transient.js';
import { Clock } from '@app/runtime/clock.js';
import { gathered } from '../http/gathered.js';

const MINUTE = 60_000;
export const IDLE_MS = 30 * MINUTE;
export const SESSION_MS = 12 * 60 * MINUTE;

type Person = { accountId: string; name: string; unitId: string; unitName: string; roles: AccountRole[] };

/** A person, and how they showed who they are: a token may do less than a session. */
export type Identified = Readonly<{ actor: Actor; means: 'session' | 'token' }>;

const PERSON = `a.id as "accountId", a.name, a."unitId", coalesce(u.name, '') as "unitName", a.roles
  from app.account a left join app.unit u on u.id = a."unitId"`;

/** Whoever reads is not turned away because a full disk has no room to note that they were there. */
const unlessTransient = (error: unknown) => {
  if (!isTransient(error)) throw error;
};

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const secret = () => randomBytes(32).toString('base64url');

/** Sessions of browsers and tokens of programs. Only hashes are kept; a closed account ends both at once. */
@Injectable()
export class Sessions {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Answers the secret that goes into the cookie. */
  async open(accountId: string): Promise<string> {
    const id = secret();
    const now = this.clock.now();
    await this.db.query(`insert into app.session (id, "accountId", "startedAt", "seenAt", "endsAt") values ($1, $2, $3, $3, $4)`, [
      sha256(id),
      accountId,
      now,
      new Date(now.getTime() + SESSION_MS),
    ]);
    return id;
  }

  async close(id: string): Promise<void> {
    await this.db.query('delete from app.session where id = $1', [sha256(id)]);
  }

  /** After a change of password nobody stays signed in but the one who changed it. */
  async closeOthers(accountId: string, id: string | undefined): Promise<void> {
    await this.db.query('delete from app.session where "accountId" = $1 and id <> $2', [accountId, id ? sha256(id) : '']);
  }

  /** For an account that is closed: nothing may wait until the views have heard of it. */
  async closeAll(accountId: string): Promise<void> {
    await this.db.query('delete from app.session where "accountId" = $1', [accountId]);
    await this.db.query('delete from app.token where "accountId" = $1', [accountId]);
  }

  /** Every request asks this one. */
  private readonly known = gathered(async (ids: readonly string[]) => {
    const now = this.clock.now();
    const found = await this.db.query<(Person & { session: string; seenAt: Date })[]>(
      `select s.id as session, s."seenAt", ${PERSON} join app.session s on s."accountId" = a.id
       where s.id = any($1) and s."endsAt" > $2 and s."seenAt" > $3 and a.standing = 'active'`,
      [ids, now, new Date(now.getTime() - IDLE_MS)],
    );
    const by = new Map(found.map(({ session, ...known }) => [session, known]));
    return ids.map((id) => by.get(id) ?? null);
  });

  async bySession(id: string, sign: 'seen' | 'still' = 'seen'): Promise<Identified | null> {
    const found = await this.known(sha256(id));
    if (!found) return null;
    const now = this.clock.now();
    const { seenAt, ...actor } = found;
    // Once a minute is often enough to know that somebody is still there.
    if (sign === 'seen' && now.getTime() - seenAt.getTime() > MINUTE)
      await this.db.query('update app.session set "seenAt" = $2 where id = $1', [sha256(id), now]).catch(unlessTransient);
    return { actor, means: 'session' };
  }

  /** A token is `dbn_{id}_{secret}`; it is shown once, here. */
  async issueToken(accountId: string, id: string, name: string, days: number) {
    const [key, now] = [secret(), this.clock.now()];
    const endsAt = new Date(now.getTime() + days * 24 * 60 * MINUTE);
    await this.db.query(
      `insert into app.token (id, hash, "accountId", name, "createdAt", "endsAt") values ($1, $2, $3, $4, $5, $6)
       on conflict (id) do update set hash = excluded.hash, name = excluded.name, "createdAt" = excluded."createdAt", "endsAt" = excluded."endsAt"`,
      [id, sha256(key), accountId, name, now, endsAt],
    );
    return { id, name, token: `dbn_${id}_${key}`, createdAt: now, endsAt };
  }

  tokensOf(accountId: string) {
    return this.db.query<{ id: string; name: string; createdAt: Date; endsAt: Date }[]>(
      'select id, name, "createdAt", "endsAt" from app.token where "accountId" = $1 order by "createdAt"',
      [accountId],
    );
  }

  async revokeToken(accountId: string, id: string): Promise<boolean> {
    const [gone] = await this.db.query<[{ id: string }[], number]>(
      'delete from app.token where id = $1 and "accountId" = $2 returning id',
      [id, accountId],
    );
    return gone.length > 0;
  }

  async byToken(token: string): Promise<Identified | null> {
    const [, id, key] = /^dbn_([0-9a-f-]{36})_([\w-]{43})$/.exec(token) ?? [];
    if (!id || !key) return null;
    const [found] = await this.db.query<(Person & { hash: string })[]>(
      `select t.hash, ${PERSON} join app.token t on t."accountId" = a.id where t.id = $1 and t."endsAt" > $2 and a.standing = 'active'`,
      [id, this.clock.now()],
    );
    if (!found || !timingSafeEqual(Buffer.from(found.hash), Buffer.from(sha256(key)))) return null;
    const { hash: _, ...actor } = found;
    return { actor, means: 'token' };
  }
}
