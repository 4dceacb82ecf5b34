import { type Language, sentence, type SentenceCode, type SentenceDetails } from './sentences.js';

export const STOPS_WITHIN_MS = 10_000;
/** npm hands on the Ctrl-C that the terminal has already sent to us: one press, two signals. */
const ECHO_MS = 500;

/** Settles at the first signal to stop. A second one ends the process at once. */
export function stopSignal(language: Language): Promise<void> {
  let toldAt = 0;
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (toldAt > 0 && Date.now() - toldAt > ECHO_MS) endByForce('stop.again', {}, language);
        toldAt ||= Date.now();
        resolve();
      });
  });
}

/** From now on the process has ten seconds to end by itself, then it is ended; answers how to call that off. */
export function endSoon(language: Language): () => void {
  const limit = setTimeout(() => endByForce('stop.hung', { seconds: STOPS_WITHIN_MS / 1_000 }, language), STOPS_WITHIN_MS);
  limit.unref();
  return () => clearTimeout(limit);
}

function endByForce(code: SentenceCode, details: SentenceDetails, language: Language): never {
  console.error(sentence(code, details, language));
  process.exit(1);
}
