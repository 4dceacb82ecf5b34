import type { Draft } from '@app/domain/draft.js';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import {
  guideline,
  type Guideline,
  type GuidelineCommand,
  type GuidelineContext,
  type GuidelineEvent,
  type Settings,
  type Source,
} from '@app/domain/guideline.js';
import { sharesOf } from '@app/domain/task.js';
import { idOf } from '@app/event-store/event-store.js';
import { following, type View } from './view.js';

/** A document with its text and what was read out of it. Fields of `Guideline` mean what they mean there. */
@Entity('guideline')
@Index(['importedAt', 'id'])
export class GuidelineRow implements Guideline {
  @PrimaryColumn('uuid') id: string;
  @Column('text') title: string;
  @Column('text', { nullable: true }) number: string | null;
  @Column('text', { nullable: true }) issuer: string | null;
  @Column('date', { nullable: true }) issuedOn: string | null;
  @Column('text') text: string;
  @Column('text') sha256: string;
  @Column('jsonb') source: Source;
  @Column('jsonb') drafts: Draft[];
  @Column('text') standing: Guideline['standing'];
  @Column('jsonb', { nullable: true }) settings: Settings | null;
  @Column('date', { nullable: true }) acknowledgeBy: string | null;
  @Column('uuid', { nullable: true }) supersedes: string | null;
  @Column('uuid', { nullable: true }) supersededBy: string | null;
  /** Tasks and assignments that issuing makes; the page shows how many of them there are by now. */
  @Column('int') tasks: number;
  @Column('int') assignments: number;
  @Column('timestamptz') importedAt: Date;
  @Column('text') importedBy: string;
  @Column('timestamptz', { nullable: true }) issuedAt: Date | null;
  @Column('int') revision: number;
  @Column('timestamptz') changedAt: Date;
}

const also = following<GuidelineRow, Guideline, GuidelineCommand, GuidelineEvent, GuidelineContext>(guideline);

export const guidelines: View<GuidelineRow, GuidelineEvent> = {
  name: 'guideline',
  version: 1,
  entity: GuidelineRow,
  target: ({ stream }) => ({ id: idOf(stream) }),
  on: {
    GuidelineImported: (_, { stream, revision, at, by, data }) => ({
      ...data,
      id: idOf(stream),
      standing: 'draft',
      settings: null,
      acknowledgeBy: null,
      supersededBy: null,
      tasks: 0,
      assignments: 0,
      importedAt: at,
      importedBy: by.name,
      issuedAt: null,
      revision: Number(revision),
      changedAt: at,
    }),
    DraftCorrected: also(),
    DraftRejected: also(),
    DraftSplit: also(),
    DraftMerged: also(),
    GuidelineIssued: also((_, { at, data: { settings, acknowledgeBy, tasks } }) => ({
      settings,
      acknowledgeBy,
      issuedAt: at,
      tasks: tasks.length,
      assignments: tasks.reduce((sum, { assignees }) => sum + sharesOf(assignees).length, 0),
    })),
    GuidelineAmended: also((_, { data }) => data),
    GuidelineSuperseded: also((_, { data }) => ({ supersededBy: data.by })),
    GuidelineWithdrawn: also(),
  },
};
