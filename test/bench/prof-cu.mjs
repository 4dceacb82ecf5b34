import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const { PostgresQueryRunner } = require('/work/main/node_modules/typeorm/driver/postgres/PostgresQueryRunner.js');
import { startPostgres } from '../../dist/libs/runtime/src/embedded-postgres.js';
import { PostgresEventStore } from '../../dist/libs/event-store/src/postgres.js';
import { copyClosed, tidy } from './closed.js'; import { freshDatabase } from './databases.js'; import { openViews, takeIn, forget } from './views.js'; import { openWork } from './work.js';
const dir = await mkdtemp('/tmp/duban-bench-'); await chmod(dir, 0o755);
const server = await startPostgres({ dir: dir + '/postgres' });
try {
 const url = await freshDatabase(server, 'cu'); const db = await openViews(url); const store = new PostgresEventStore(url);
 const { closed } = await openWork(store, { units: 50, perUnit: 80, templates: 50 }); await takeIn(store, db);
 await copyClosed(db, closed, 170); await tidy(db);
 const times = new Map(); const orig = PostgresQueryRunner.prototype.query;
 PostgresQueryRunner.prototype.query = async function (q, ...a) { const t = performance.now(); try { return await orig.call(this, q, ...a); } finally { const k = q.replace(/\s+/g,' ').replace(/\(.*?\)/g,'()').slice(0, 60); const x = times.get(k) ?? [0,0]; x[0] += performance.now()-t; x[1]++; times.set(k, x); } };
 const ora = store.page?.bind(store); let pageMs=0; const op = store.page; store.page = async function(...a){const t=performance.now(); const r= await op.apply(this,a); pageMs+=performance.now()-t; return r;};
 for (let r=0;r<3;r++) { times.clear(); pageMs=0; await forget(db); const c=process.cpuUsage(); const t=performance.now(); await takeIn(store, db); const ms=performance.now()-t; const u=process.cpuUsage(c);
 console.log('took', ms|0, 'events', await store.head(), 'node cpu', (u.user+u.system)/1000|0, 'pages', pageMs|0); }
 for (const [k,[ms,n]] of [...times].sort((a,b)=>b[1][0]-a[1][0]).slice(0,14)) console.log(String(ms|0).padStart(6), n, k);
 await store.close(); await db.destroy();
} finally { await server.remove(); await rm(dir,{recursive:true,force:true}); }
