import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type Certificates, makeCertificates, opensslIsInstalled } from './support/certificates.js';
import { createDatabase, type TestDatabase } from './support/database.js';
import { Deployment } from './support/deployment.js';
import { eventually } from './support/eventually.js';
import { Load, sharesOf } from './support/load.js';
import { Nginx, nginxIsInstalled } from './support/nginx.js';
import { Visitor } from './support/visitor.js';

(nginxIsInstalled && opensslIsInstalled ? describe : describe.skip)('two apis behind the nginx of the cluster', () => {
  let database: TestDatabase;
  let certificates: Certificates;
  let deployment: Deployment;
  let nginx: Nginx;
  let supervisor: Visitor;

  beforeAll(async () => {
    database = await createDatabase();
    certificates = makeCertificates();
    deployment = await Deployment.start({ databaseUrl: database.url }, { apis: 2, workers: 1 });
    nginx = await Nginx.start(deployment.urls, certificates);
    supervisor = await new Visitor(() => nginx.url).signIn('ducha', deployment.password);
  }, 180_000);
  afterAll(async () => {
    await nginx?.stop();
    await deployment?.stop();
    certificates?.remove();
    await database?.drop();
  });

  it('are reached by TLS', async () => {
    const asked = request(`${nginx.secureUrl}/api/docs.json`, { ca: readFileSync(certificates.authority) }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(200);
  });

  it('show their health to the container alone', async () => {
    for (const path of ['/health', '/metrics']) expect((await fetch(`${nginx.url}${path}`)).status).toBe(404);
    expect((await fetch(`${nginx.healthUrl}/health`)).status).toBe(200);
  });

  it('send live updates on at once', async () => {
    const shares = await sharesOf(supervisor);
    const listening = await supervisor.listen();
    const { taskId } = shares[0]!;
    await supervisor.must(supervisor.post(`/tasks/${taskId}/comments`, { text: '请抓紧' }));
    await eventually(async () => listening.heard.length > 0, 'something was heard', 5_000);
    expect(listening.heard[0]!.tasks).toContain(taskId);
    listening.leave();
  });

  it('stop and start one by one under load, and whoever is not answered is told to ask again', async () => {
    const load = new Load(supervisor, await sharesOf(supervisor));
    load.start();
    await load.acknowledges(50);
    for (const api of deployment.apis) {
      expect((await api.end()).code).toBe(0);
      await load.acknowledges(50);
      api.start();
      await deployment.answers();
      await load.acknowledges(50);
    }
    await load.stop();
    // A request may meet a connection that its api closes at that moment: it is answered 503, in the one form, and done when asked again.
    await load.settle();
    expect(await deployment.broken(load)).toEqual([]);
  });

  it('say so in the form of every refusal when none of them is there', async () => {
    await Promise.all(deployment.apis.map((api) => api.kill()));
    const refused = await supervisor.get('/tasks');
    expect([refused.status, refused.headers.get('content-type'), refused.headers.get('retry-after'), refused.body.code]).toEqual([
      503,
      'application/problem+json',
      '2',
      'store.unavailable',
    ]);
    expect((await fetch(`${nginx.healthUrl}/health`)).ok).toBe(false);
  });
});
