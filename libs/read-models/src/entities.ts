import { Build, Checkpoint, Parked, Tally } from './checkpoint.js';
import { Follower } from './follower.js';
import { VIEWS } from './views.js';

/** Every table that TypeORM knows: the views' rows, and how far they are. */
export const ENTITIES = [...VIEWS.map(({ entity }) => entity as new () => object), Checkpoint, Parked, Tally, Build, Follower];
