import { StoreError } from './event-store.js';

const MIN_KEEPALIVE_MS = 10_000;
let opened = 0;

/** A province's own part of a server that it shares; the same on all its processes, and for good. */
const NAMESPACE = /^[a-z][a-z0-9_]{0,39}$/;

/** What a URL of the product says: how the client connects, what stands before the names of our streams, whether there are several nodes. */
export function settingsOf(url: string): { connection: string; prefix: string; cluster: boolean } {
  const [address = '', query = ''] = url.replace(/^(kurrentdb|kdb)(?=[:+])/, 'esdb').split('?');
  // So that failure is quick and the patience is the adapter's own.
  const settings = new URLSearchParams({
    nodePreference: 'leader',
    maxDiscoverAttempts: '2',
    discoveryInterval: '100',
    gossipTimeout: '1',
  });
  for (const [name, value] of new URLSearchParams(query)) settings.set(name, value);
  const namespace = settings.get('namespace');
  settings.delete('namespace');
  if (namespace !== null && !NAMESPACE.test(namespace)) throw new StoreError('invalid-argument', `no namespace: ${namespace}`);
  // Lines of equal settings would share a socket, and with it the silence from which a new line is to save.
  settings.set('keepAliveInterval', String(MIN_KEEPALIVE_MS + (opened++ % 1_000)));
  return {
    connection: `${address.replace(/\/$/, '')}?${String(settings).replaceAll('+', '%20')}`,
    prefix: namespace === null ? '' : `${namespace}.`,
    cluster: /^esdb\+discover:|,/.test(address),
  };
}
