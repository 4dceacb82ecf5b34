import { randomUUID } from 'node:crypto';
import type { Context } from '@app/domain/actor.js';
import { type Decider, type Message, Refused } from '@app/domain/decider.js';
import { envelope, type Given } from './contract-given.js';
import { StreamMoved } from './event-store.js';

type Reserve = Message<'Reserve', { seats: number }> | Message<'Free', object> | Message<'Close', object>;
type Booked = Message<'SeatsReserved', { seats: number; left: number }>;

/** A hall of twenty seats: whoever decides on old facts gives a seat away twice. */
const hall: Decider<{ left: number }, Reserve, Booked> = {
  category: 'hall',
  initial: { left: 20 },
  rules: {
    Reserve: [],
    Free: [],
    Close: [
      () => {
        throw new Refused('forbidden', 'hall.not-yours');
      },
    ],
  },
  decide: {
    Reserve: ({ left }, { seats }) => {
      if (seats > left) throw new Refused('conflict', 'hall.full');
      return Array.from({ length: seats }, (_, n) => ({ type: 'SeatsReserved' as const, data: { seats: 1, left: left - n - 1 } }));
    },
    Free: () => [],
    Close: () => [],
  },
  evolve: { SeatsReserved: (_, { left }) => ({ left }) },
};
const context: Context = { by: envelope.by, at: envelope.at };
const reserve = (seats: number): Reserve => ({ type: 'Reserve', data: { seats } });

export function executing(given: Given) {
  const ask = (id: string, command: Reserve, request: { id: string; seen?: bigint } = { id: randomUUID() }) =>
    given.store.execute(hall, id, command, context, request);

  it('records what the decider answers, beside who asked, when and by which command', async () => {
    const [id, request] = [randomUUID(), { id: randomUUID() }];
    const outcome = await ask(id, reserve(2), request);
    const kept = await given.store.read(`hall-${id}`);
    expect(outcome).toMatchObject({ revision: 1n, position: kept[1]!.position });
    expect(kept).toMatchObject(outcome.events.map((event) => ({ ...event, ...context, commandId: request.id })));
  });

  it('decides again on the newer facts when a race is lost', async () => {
    const id = randomUUID();
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => ask(id, reserve(1))));
    expect(new Set(outcomes.map(({ revision }) => revision))).toEqual(new Set([0n, 1n, 2n, 3n, 4n, 5n]));
    const kept = await given.store.read<Booked>(`hall-${id}`);
    expect(kept.map(({ data }) => data.left)).toEqual([19, 18, 17, 16, 15, 14]);
  });

  it('goes on deciding until each of twelve who ask at once has had a turn', async () => {
    const id = randomUUID();
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => ask(id, reserve(1))));
    expect(new Set(outcomes.map(({ revision }) => revision)).size).toBe(12);
  });

  it('tells who may not ask nothing of what others did meanwhile', async () => {
    const id = randomUUID();
    await ask(id, reserve(1));
    await ask(id, reserve(1));
    await expect(ask(id, { type: 'Close', data: {} }, { id: randomUUID(), seen: 0n })).rejects.toThrow('hall.not-yours');
  });

  it('refuses a command that was decided on facts since overtaken, and records nothing', async () => {
    const id = randomUUID();
    await ask(id, reserve(1));
    await ask(id, reserve(1), { id: randomUUID(), seen: 0n });
    await expect(ask(id, reserve(1), { id: randomUUID(), seen: 0n })).rejects.toThrow(StreamMoved);
    expect(await given.store.read(`hall-${id}`)).toHaveLength(2);
  });

  it('records a request once that is asked twice, and answers the same, also when others came between', async () => {
    const [id, request] = [randomUUID(), { id: randomUUID(), seen: -1n }];
    const first = await ask(id, reserve(2), request);
    await ask(id, reserve(1));
    expect(await ask(id, reserve(2), request)).toEqual(first);
    expect(await given.store.read(`hall-${id}`)).toHaveLength(3);
  });

  it('records a request once that is asked five times at once', async () => {
    const [id, request] = [randomUUID(), { id: randomUUID() }];
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => ask(id, reserve(3), request)));
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(await given.store.read(`hall-${id}`)).toHaveLength(3);
  });

  it('answers where the stream stands when there is nothing to record', async () => {
    const id = randomUUID();
    expect(await ask(id, { type: 'Free', data: {} })).toEqual({ revision: -1n, position: null, events: [] });
    const { revision, position } = await ask(id, reserve(1));
    expect(await ask(id, { type: 'Free', data: {} })).toEqual({ revision, position, events: [] });
  });

  it('passes a refusal on and records nothing', async () => {
    const id = randomUUID();
    await expect(ask(id, reserve(21))).rejects.toThrow('hall.full');
    expect(await given.store.read(`hall-${id}`)).toEqual([]);
  });

  it('asks for the context with the state it will be decided on', async () => {
    const id = randomUUID();
    await ask(id, reserve(4));
    const seen: number[] = [];
    const learn = async ({ left }: { left: number }) => (seen.push(left), context);
    await given.store.execute(hall, id, reserve(1), learn, { id: randomUUID() });
    expect(seen).toEqual([16]);
  });
}
