import { createHash } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Actor } from '@app/domain/actor.js';
import { type Draft, guideline } from '@app/domain/guideline.js';
import { guidelineIdOf } from '@app/domain/ids.js';
import { EventStore, type Outcome, type Request } from '@app/event-store/event-store.js';
import { decodeText } from '@app/guideline/decode.js';
import { type ReadDeadline, readGuideline, type ReadList } from '@app/guideline/read.js';
import { Clock } from '@app/runtime/clock.js';

/** Says which reader made the drafts, so that a later one can tell its own work from this. */
const READER = 'duban 0.1';

/** Reads a document's lists into drafts. Its id derives from its text: the same document meets itself. */
export class ImportGuideline extends Command<Outcome & { guidelineId: string }> {
  constructor(
    readonly file: Readonly<{ name: string; bytes: Uint8Array }>,
    readonly by: Actor,
    readonly request: Request,
  ) {
    super();
  }
}

@CommandHandler(ImportGuideline)
export class ImportGuidelineHandler implements ICommandHandler<ImportGuideline> {
  constructor(
    private readonly events: EventStore,
    private readonly clock: Clock,
  ) {}

  async execute({ file, by, request }: ImportGuideline) {
    const { text, encoding } = decodeText(file.bytes);
    const { title, number, issuer, issuedOn, lists } = readGuideline(text);
    const sha256 = createHash('sha256').update(text).digest('hex');
    const guidelineId = guidelineIdOf(sha256);
    const data = {
      title: title ?? file.name,
      number,
      issuer,
      issuedOn,
      text,
      sha256,
      source: { name: file.name, encoding, reader: READER },
      drafts: lists.map(draftOf),
    };
    const outcome = await this.events.execute(
      guideline,
      guidelineId,
      { type: 'ImportGuideline', data },
      { by, at: this.clock.now() },
      request,
    );
    return { ...outcome, guidelineId };
  }
}

const draftOf = ({ path, title, passage, span, units, openEnded, deadlines, unsure }: ReadList, n: number): Draft => ({
  list: String(n + 1),
  path,
  title,
  passage: [...passage],
  span: [...span],
  units: units.map(({ name, role }) => ({ name, role })),
  openEnded,
  due: dueOf(deadlines),
  unsure,
});

/** The last day that the passage names is when all of it must be done; without a day, the rhythm it gives. */
function dueOf(deadlines: readonly ReadDeadline[]): Draft['due'] {
  const dated = deadlines
    .filter(({ dueOn }) => dueOn !== null)
    .sort((a, b) => a.dueOn!.localeCompare(b.dueOn!))
    .at(-1);
  const recurring = deadlines.find(({ recurrence }) => recurrence !== null);
  const said = dated ?? recurring ?? deadlines.at(0);
  return { dueOn: dated?.dueOn ?? null, recurrence: recurring?.recurrence ?? null, words: said?.text ?? null };
}
