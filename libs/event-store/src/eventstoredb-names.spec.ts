import dns from 'node:dns';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { jest } from '@jest/globals';
import { EventStoreDBStandIn } from '../../../test/support/eventstoredb-stand-in.js';
import { anEvent, aStream, envelope } from './contract-given.js';
import { NO_STREAM } from './event-store.js';
import { openEventStore } from './open-event-store.js';

/** Every name leads to these addresses, in this order. */
const leadTo = (...addresses: string[]) =>
  jest
    .spyOn(dns.promises, 'lookup')
    .mockImplementation((() => Promise.resolve(addresses.map((address) => ({ address, family: 4 })))) as never);

describe('a cluster under one name with several addresses', () => {
  let node: EventStoreDBStandIn;
  beforeEach(async () => {
    node = await EventStoreDBStandIn.start();
  });
  afterEach(() => {
    jest.restoreAllMocks();
    node.kill();
  });

  const appendBy = async (scheme: string) => {
    const store = await openEventStore(`${scheme}://nodes.example:${node.port}?tls=false`);
    try {
      return await store.append(aStream(), [anEvent('x')], NO_STREAM, envelope);
    } finally {
      await store.close();
    }
  };

  it.each(['esdb+discover', 'kurrentdb+discover'])('is found by %s past an address where nobody listens', async (scheme) => {
    const lookup = leadTo('127.0.0.2', '127.0.0.1');
    expect(await appendBy(scheme)).toMatchObject({ revision: 0n });
    expect(lookup).toHaveBeenCalledWith('nodes.example', expect.anything());
  });

  it('is found past an address that takes connections and says nothing', async () => {
    const taken: Socket[] = [];
    const silent = createServer((socket) => taken.push(socket)).listen(node.port, '127.0.0.2');
    await once(silent, 'listening');
    leadTo('127.0.0.2', '127.0.0.1');
    expect(await appendBy('esdb+discover')).toMatchObject({ revision: 0n });
    expect(taken).not.toHaveLength(0);
    for (const socket of taken) socket.destroy();
    silent.close();
  });
});
