import { mkdtemp, chmod, rm } from 'node:fs/promises';
import pg from 'pg';
import { startPostgres } from '../../dist/libs/runtime/src/embedded-postgres.js';
import { PostgresEventStore } from '../../dist/libs/event-store/src/postgres.js';
import { copyClosed, tidy } from './closed.js'; import { freshDatabase } from './databases.js'; import { openViews, takeIn, forget } from './views.js'; import { openWork } from './work.js';
import { history } from '../../dist/libs/read-models/src/history.js';
const dir = await mkdtemp('/tmp/duban-bench-'); await chmod(dir, 0o755);
const server = await startPostgres({ dir: dir + '/postgres' });
try {
 const url = await freshDatabase(server, 'cu'); const db = await openViews(url); const store = new PostgresEventStore(url);
 const { closed } = await openWork(store, { units: 50, perUnit: 80, templates: 50 }); await takeIn(store, db);
 await tidy(db);
 const rows = []; for (let p = await store.readAll(null, 1000); p.length; p = await store.readAll(p.at(-1).position, 1000)) rows.push(p.map(e => history.on[e.type](undefined, e)));
 console.log('batches', rows.length);
 const c = new pg.Client({ connectionString: url }); await c.connect();
 const { rows: cols } = await c.query(`select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = 'app.history'::regclass and attnum > 0 order by attnum`);
 const names = cols.map(x => `"${x.name}"`).join();
 const json = { text: `insert into app.h (${names}) select ${names} from json_populate_recordset(null::app.h, $1) on conflict (id) do nothing`, name: 'j', values: (b) => [JSON.stringify(b)] };
 const unnest = (t) => ({ name: 'u', text: `insert into app.h (${names}) select * from unnest(${cols.map((x, i) => `$${i+1}::${t(x.type)}[]`).join()}) on conflict (id) do nothing`, values: (b) => cols.map(x => b.map(r => { const v = r[x.name]; return v !== null && typeof v === 'object' && !(v instanceof Date) ? JSON.stringify(v) : v instanceof Date ? v.toISOString() : v; })) });
 const noby = (t) => unnest(t);
 const variants = { 'A jsonb, json_populate': ['jsonb', json, true], 'B json cols, json_populate': ['json', json, true], 'C json cols, unnest': ['json', unnest(t => t === 'jsonb' ? 'json' : t), true], 'C2 jsonb cols, unnest': ['jsonb', unnest(t => t), true], 'D json, unnest, pk+task idx': ['json', unnest(t => t === 'jsonb' ? 'json' : t), 'task'], 'E json, unnest, pk only': ['json', unnest(t => t === 'jsonb' ? 'json' : t), false], 'F text,unnest, pk+task+ brin-ish none, no-conflict': ['json', (() => { const u = unnest(t => t === 'jsonb' ? 'json' : t); return { ...u, name: 'n', text: u.text.replace(' on conflict (id) do nothing', '') }; })(), 'task'] };
 for (let r = 0; r < 2; r++) for (const [label, [type, ins, idx]] of Object.entries(variants)) {
  await c.query(`drop table if exists app.h; create table app.h (like app.history ${idx === true ? 'including indexes' : ''}); ${type === 'json' ? 'alter table app.h alter by type json, alter data type json;' : ''}`);
  if (idx !== true) await c.query(`alter table app.h add primary key (id); ${idx === 'task' ? 'create index on app.h ("taskId", id)' : ''}`);
  const cl = new pg.Client({ connectionString: url }); await cl.connect();
  const t = performance.now(); let js = 0; for (const b of rows) { const x = performance.now(); const values = ins.values(b); js += performance.now()-x; await cl.query({ name: ins.name, text: ins.text, values }); } const ms = performance.now()-t; await cl.end();
  if (r) console.log(label.padEnd(32), (ms/rows.length).toFixed(1), 'ms per 1000; of it js', (js/rows.length).toFixed(1)); }
 await c.end(); await store.close(); await db.destroy();
} finally { await server.remove(); await rm(dir,{recursive:true,force:true}); }
