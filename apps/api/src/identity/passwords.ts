import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { DataSource } from 'typeorm';
import { Clock } from '@app/runtime/clock.js';

/** argon2id as OWASP's ASVS 5.0 asks for it: 19 MiB, two passes, one lane. */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** The hashes of passwords, kept outside the events. */
@Injectable()
export class Passwords {
  /** Compared with when there is no such account, so that the answer takes as long. */
  private readonly nobodys = hash('nobody', COST);

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  async set(accountId: string, password: string): Promise<void> {
    await this.db.query(
      `insert into app.credential ("accountId", hash, "changedAt") values ($1, $2, $3)
       on conflict ("accountId") do update set hash = excluded.hash, "changedAt" = excluded."changedAt"`,
      [accountId, await hash(password, COST), this.clock.now()],
    );
  }

  /** Sets it where there is none yet; answers whether it is the one that holds now. */
  async setFirst(accountId: string, password: string): Promise<boolean> {
    const set = await this.db.query<unknown[]>(
      `insert into app.credential ("accountId", hash, "changedAt") values ($1, $2, $3) on conflict do nothing returning 1`,
      [accountId, await hash(password, COST), this.clock.now()],
    );
    return set.length > 0 || this.matches(accountId, password);
  }

  async matches(accountId: string, password: string): Promise<boolean> {
    const [known] = await this.db.query<{ hash: string }[]>('select hash from app.credential where "accountId" = $1', [accountId]);
    const right = await verify(known?.hash ?? (await this.nobodys), password);
    return right && known !== undefined;
  }
}
