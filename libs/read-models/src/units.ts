import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { unit, type Unit, type UnitCommand, type UnitContext, type UnitEvent, type UnitKind } from '@app/domain/unit.js';
import { idOf } from '@app/event-store/event-store.js';
import { following, type View } from './view.js';

/** A unit of the register. Fields of `Unit` mean what they mean there. */
@Entity('unit')
@Index(['name'])
export class UnitRow implements Unit {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text', { nullable: true }) fullName: string | null;
  @Column('text') kind: UnitKind;
  @Column('text', { nullable: true }) level: string | null;
  @Column('uuid', { nullable: true }) parentId: string | null;
  @Column('jsonb') aliases: string[];
  @Column('jsonb', { nullable: true }) members: string[] | null;
  @Column('text') standing: Unit['standing'];
  @Column('uuid', { nullable: true }) mergedInto: string | null;
  @Column('int') revision: number;
  @Column('timestamptz') changedAt: Date;
}

const also = following<UnitRow, Unit, UnitCommand, UnitEvent, UnitContext>(unit);

export const units: View<UnitRow, UnitEvent> = {
  name: 'unit',
  version: 3,
  entity: UnitRow,
  versioned: true,
  target: ({ stream }) => ({ id: idOf(stream) }),
  on: {
    UnitRegistered: (_, { stream, revision, at, data }) => ({
      ...data,
      id: idOf(stream),
      standing: 'active',
      mergedInto: null,
      revision: Number(revision),
      changedAt: at,
    }),
    UnitRenamed: also(),
    AliasAdded: also(),
    MembersSet: also(),
    UnitMerged: also((_, { data }) => ({ mergedInto: data.intoId })),
    UnitDissolved: also(),
  },
};
