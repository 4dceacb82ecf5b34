import { accounts } from './accounts.js';
import { assignments } from './assignments.js';
import { days } from './days.js';
import { guidelines } from './guidelines.js';
import { history } from './history.js';
import { reminders } from './reminders.js';
import { tasks } from './tasks.js';
import { units } from './units.js';
import type { AnyView } from './view.js';

/** Every view of the product. Each can be thrown away and rebuilt from the events. */
export const VIEWS: readonly AnyView[] = [guidelines, tasks, assignments, units, accounts, history, reminders, days];
