import '@app/documents/no-network.js';
import { input, say } from '@app/documents/child-answer.js';
import { readGuideline } from './read.js';

/** The process that reads lists: the text comes on stdin as UTF-8, what was read goes to stdout. */
say({ refused: null, about: readGuideline((await input()).toString()) });
