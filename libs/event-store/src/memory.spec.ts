import { eventStoreContract } from './contract.js';
import { MemoryEventStore } from './memory.js';

eventStoreContract('memory', async () => ({ open: () => new MemoryEventStore() }));

it('has no head while it is empty', async () => {
  expect(await new MemoryEventStore().head()).toBeNull();
});
