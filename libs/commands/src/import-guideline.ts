import { createHash } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Actor } from '@app/domain/actor.js';
import { fold, Refused } from '@app/domain/decider.js';
import { type Draft, wordsOf } from '@app/domain/draft.js';
import { guideline, type GuidelineEvent, taskOf } from '@app/domain/guideline.js';
import { guidelineIdOf } from '@app/domain/ids.js';
import { continued } from '@app/domain/versions.js';
import { EventStore, type Outcome, type Request } from '@app/event-store/event-store.js';
import { extractText } from '@app/documents/extract.js';
import { readInChild } from '@app/guideline/read-in-child.js';
import { draftsOf } from '@app/guideline/to-drafts.js';
import { Clock } from '@app/runtime/clock.js';

/** Bytes of text that fit, with the drafts, into one event of the smallest store (1 MiB): three hundred pages. */
const TEXT_LIMIT = 700_000;

/** Says which reader made the drafts, so that a later one can tell its own work from this. */
const READER = 'duban 0.1';

/** Reads a document's lists into drafts. Its id derives from its text: the same document meets itself. */
export class ImportGuideline extends Command<Outcome & { guidelineId: string }> {
  constructor(
    readonly file: Readonly<{ name: string; bytes: Uint8Array }>,
    readonly by: Actor,
    readonly request: Request,
    /** The issued guideline of which this is the next version. */
    readonly supersedes: string | null = null,
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

  async execute({ file, by, request, supersedes }: ImportGuideline) {
    const { text, encoding, format, places, notes } = await extractText(file);
    if (Buffer.byteLength(text) > TEXT_LIMIT) throw new Refused('invalid', 'guideline.text-too-long', { limit: TEXT_LIMIT / 1_000 });
    const reading = await readInChild(text);
    const { title, number, issuer, issuedOn } = reading;
    const drafts = draftsOf(reading);
    const sha256 = createHash('sha256').update(text).digest('hex');
    const guidelineId = guidelineIdOf(sha256);
    const data = {
      title: title ?? file.name,
      number,
      issuer,
      issuedOn,
      text,
      sha256,
      source: { name: file.name, format, encoding, places: [...places], notes, reader: READER },
      supersedes,
      drafts: supersedes ? await this.continuing(supersedes, drafts, text) : drafts,
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

  /** Tells each draft which task of the version before it continues. */
  private async continuing(previousId: string, drafts: Draft[], text: string): Promise<Draft[]> {
    const facts = await this.events.read<GuidelineEvent>(`guideline-${previousId}`);
    const previous = fold(guideline, facts);
    if (previous.standing === 'unknown') throw new Refused('missing', 'guideline.unknown');
    if (previous.standing !== 'issued') throw new Refused('conflict', 'guideline.previous-not-issued');
    const textBefore = textOfImported(facts);
    const before = previous.drafts.map((draft) => ({ taskId: taskOf(previousId, draft), draft, text: wordsOf(draft, textBefore) }));
    const tasks = continued(before, drafts, (draft) => wordsOf(draft, text));
    return drafts.map((draft) => ({ ...draft, was: tasks.get(draft.list) ?? null }));
  }
}

const textOfImported = (facts: readonly GuidelineEvent[]) => {
  const imported = facts.find((event) => event.type === 'GuidelineImported');
  return imported?.type === 'GuidelineImported' ? imported.data.text : '';
};
