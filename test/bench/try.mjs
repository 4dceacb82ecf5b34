import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { startPostgres } from '../../dist/libs/runtime/src/embedded-postgres.js';
const dir = await mkdtemp('/tmp/duban-bench-');
await chmod(dir, 0o755);
const server = await startPostgres({ dir: dir + '/postgres' });
const [file, ...names] = process.argv.slice(2);
try {
  const m = await import(file);
  for (const n of names) {
    const { rows, goals } = await m[n](server, {
      rounds: +(process.env.ROUNDS ?? 3),
      large: !!process.env.BENCH_LARGE,
      say: (l) => console.error(l),
    });
    console.table(rows.map((r) => Object.fromEntries(Object.entries(r).map(([k, v]) => [k, typeof v === 'number' ? +v.toFixed(2) : v]))));
    console.table(goals);
  }
} finally {
  await server.remove();
  await rm(dir, { recursive: true, force: true });
}
