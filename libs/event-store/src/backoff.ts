/** Milliseconds before the next try: doubling up to 2 s, with full jitter so that clients do not return in step. */
export const backoff = (attempt: number) => 10 + Math.random() * Math.min(2000, 50 * 2 ** attempt);

export const ignore = () => undefined;
