/** What every verb answers with: 0 fine, 1 the answer is no, 2 used wrongly. */
export type ExitCode = 0 | 1 | 2;
