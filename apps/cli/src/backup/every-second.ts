/** Says how far something is, at most once a second, and nothing of what is done within one. */
export function everySecond(tell: (n: number) => void): (n: number) => void {
  let told = Date.now();
  return (n) => {
    if (Date.now() - told <= 1_000) return;
    told = Date.now();
    tell(n);
  };
}
