import { setTimeout as wait } from 'node:timers/promises';

/** The value below which the share `q` of the sorted numbers lies. */
export const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** What a list of durations comes to; milliseconds. */
export function summary(durations, seconds) {
  const sorted = [...durations].sort((a, b) => a - b);
  const at = (q) => quantile(sorted, q);
  return { perSecond: sorted.length / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99), n: sorted.length };
}

/** `callers` act one after the other each, for `ms` after a warm-up that does not count. */
export async function closedLoop(makeCaller, { callers, ms, warmMs = 300 }) {
  const durations = [];
  const begin = performance.now() + warmMs;
  const end = begin + ms;
  let last = begin;
  await Promise.all(
    Array.from({ length: callers }, async (_, n) => {
      const act = makeCaller(n);
      for (let asked = performance.now(); asked < end; asked = performance.now()) {
        await act();
        if (asked < begin) continue;
        last = Math.max(last, performance.now());
        durations.push(performance.now() - asked);
      }
    }),
  );
  return summary(durations, (last - begin) / 1000);
}

/**
 * Acts at a fixed rate, whether or not earlier acts are done; durations count from when an act was due, so that a delay in sending is
 * waiting too. What is not done `graceMs` after the last was sent is `missing`, and left out of the durations.
 */
export async function openLoop(act, { rate, ms, graceMs = 5_000 }) {
  const durations = [];
  const acts = [];
  const begin = performance.now();
  const one = async (due) => {
    await act();
    durations.push(performance.now() - due);
  };
  const count = Math.round((rate * ms) / 1000);
  for (let due = begin; acts.length < count; await wait(1))
    for (; acts.length < count && due <= performance.now(); due += 1000 / rate) acts.push(one(due));
  await Promise.race([Promise.all(acts), wait(graceMs)]);
  return { ...summary(durations, ms / 1000), missing: count - durations.length };
}

/** Runs the tasks, at most `width` at a time. */
export async function inParallel(width, tasks) {
  const rest = tasks[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const task of rest) await task();
    }),
  );
}

/** Every contender once per round, in an order that turns, so that none always has the quieter moment. Results by name, one per round. */
export async function alternate(rounds, contenders, measure) {
  const results = new Map(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (let k = 0; k < contenders.length; k++) {
      const contender = contenders[(k + round) % contenders.length];
      results.get(contender.name).push(await measure(contender, round));
    }
  return results;
}

/** The median of each figure over the rounds, and its spread: (highest − lowest) / median of what `by` names. */
export function overRounds(rounds, by = 'perSecond') {
  const keys = Object.keys(rounds[0]);
  const figures = Object.fromEntries(keys.map((key) => [key, median(rounds.map((round) => round[key]))]));
  const values = rounds.map((round) => round[by]);
  return { ...figures, spread: (Math.max(...values) - Math.min(...values)) / median(values) };
}

/** The median of the ratios of rounds that stood side by side. */
export const ratio = (ours, theirs, figure = 'perSecond') => median(ours.map((round, n) => round[figure] / theirs[n][figure]));

/** Polls until `look` answers truly; seldom enough not to be what is measured. */
export async function until(look, what, timeoutMs = 60_000) {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await wait(25)) if (await look()) return;
  throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
}
