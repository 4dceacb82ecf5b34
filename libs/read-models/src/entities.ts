import { Follower } from './follower.js';
import { Checkpoint, Parked, Tally } from './runner.js';
import { VIEWS } from './views.js';

/** Every table that TypeORM knows: the views' rows, and how far they are. */
export const ENTITIES = [...VIEWS.map(({ entity }) => entity as new () => object), Checkpoint, Parked, Tally, Follower];
