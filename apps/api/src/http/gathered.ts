import DataLoader from 'dataloader';

const AT_ONCE = 2;
const MOST = 100;
/** As long as a question waits for a connection of the pool. */
const WAITS_MS = 2_000;

/**
 * One question to the database for all who want to know at the same time. While `AT_ONCE` are under way, whoever comes waits for the next:
 * alone nobody waits, and the busier the process, the fewer questions it asks. `ask` answers in the order of its keys. Whose question is not
 * asked within `WAITS_MS`, because those before get no answer, hears so as from a pool without a free connection.
 */
export function gathered<Key, Answer>(ask: (keys: readonly Key[]) => Promise<readonly Answer[]>): (key: Key) => Promise<Answer> {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  const loader = new DataLoader<Question<Key>, Answer | undefined>(
    async (questions) => {
      underWay++;
      try {
        const open = questions.filter((question) => question.begin());
        const answers = open.length > 0 ? await ask(open.map(({ key }) => key)) : [];
        const given = new Map(open.map((question, n) => [question, answers[n]!]));
        return questions.map((question) => given.get(question));
      } finally {
        underWay--;
        waiting.shift()?.();
      }
    },
    {
      cache: false,
      maxBatchSize: MOST,
      batchScheduleFn: (begin) => void (underWay < AT_ONCE ? process.nextTick(begin) : waiting.push(begin)),
    },
  );
  return async (key) => {
    const question = new Question(key);
    return (await Promise.race([loader.load(question), question.late])) as Answer;
  };
}

/** Waits to be asked, but not for ever. */
class Question<Key> {
  /** Rejects when it was not asked in time. */
  readonly late: Promise<never>;
  private timer: NodeJS.Timeout | undefined;
  private gone = false;

  constructor(readonly key: Key) {
    this.late = new Promise((_, reject) => {
      this.timer = setTimeout(() => {
        this.gone = true;
        reject(new Error('timeout exceeded when trying to ask the database'));
      }, WAITS_MS);
    });
  }

  /** False when nobody waits for its answer any more. */
  begin(): boolean {
    clearTimeout(this.timer);
    return !this.gone;
  }
}
