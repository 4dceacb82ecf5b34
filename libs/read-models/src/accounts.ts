import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { account, type Account, type AccountCommand, type AccountContext, type AccountEvent } from '@app/domain/account.js';
import type { AccountRole } from '@app/domain/actor.js';
import { idOf } from '@app/event-store/event-store.js';
import { following, type View } from './view.js';

/** Who may sign in, for which unit, as what. Fields of `Account` mean what they mean there. */
@Entity('account')
@Index(['unitId'])
export class AccountRow implements Account {
  @PrimaryColumn('uuid') id: string;
  @Column('text') login: string;
  @Column('text') name: string;
  @Column('uuid') unitId: string;
  @Column('jsonb') roles: AccountRole[];
  @Column('text') standing: Account['standing'];
  @Column('timestamptz', { nullable: true }) signedInAt: Date | null;
  @Column('int') revision: number;
  @Column('timestamptz') changedAt: Date;
}

const also = following<AccountRow, Account, AccountCommand, AccountEvent, AccountContext>(account);

export const accounts: View<AccountRow, AccountEvent> = {
  name: 'account',
  version: 1,
  entity: AccountRow,
  target: ({ stream }) => ({ id: idOf(stream) }),
  on: {
    AccountOpened: (_, { stream, revision, at, data }) => ({
      ...data,
      id: idOf(stream),
      roles: [],
      standing: 'active',
      signedInAt: null,
      revision: Number(revision),
      changedAt: at,
    }),
    RolesGranted: also(),
    RolesRevoked: also(),
    AccountMoved: also(),
    PasswordChanged: also(),
    AccountClosed: also(),
    SignedIn: also((_, { at }) => ({ signedInAt: at })),
    SignInRefused: also(),
  },
};
