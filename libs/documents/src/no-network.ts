import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

/** No reader of documents needs a network. Import this first: nothing loaded later can open a connection by Node's own means. */
const refuse = (): never => {
  throw new Error('No network while reading a document');
};
net.Socket.prototype.connect = refuse;
dgram.createSocket = refuse;
dgram.Socket.prototype.send = refuse;
for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6'] as const) Object.defineProperty(dns, name, { value: refuse });
for (const name of ['fetch', 'WebSocket', 'EventSource']) Reflect.deleteProperty(globalThis, name);
