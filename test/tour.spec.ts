import { runVerb } from './support/process.js';

it('plays the whole life of a task over HTTP', async () => {
  const { code, output } = await runVerb('tour');
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  expect(output).toContain('TaskClosed');
}, 60_000);
