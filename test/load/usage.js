import { readFile, readdir } from 'node:fs/promises';
import { cpus } from 'node:os';

const TICKS_PER_SECOND = 100;

/** What a process has used of the processors, in seconds, and where wanted its children; 0 where there is no /proc. */
export async function cpuSeconds(pid, withChildren) {
  const children = withChildren ? await childrenOf(pid) : [];
  const used = await Promise.all([pid, ...children].map(async (one) => ticksOf(await stat(one), withChildren && one === pid)));
  return used.reduce((sum, ticks) => sum + ticks, 0) / TICKS_PER_SECOND;
}

/** The most memory it ever had, in MB. */
export async function peakMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) / 1024);
}

/** What all processes of the machine used of what it has, from one look to the next. */
export function machine() {
  const sum = () =>
    cpus().reduce(
      ([busy, all], { times }) => {
        const total = Object.values(times).reduce((a, b) => a + b, 0);
        return [busy + total - times.idle, all + total];
      },
      [0, 0],
    );
  const [busy, all] = sum();
  return () => {
    const [busyNow, allNow] = sum();
    return (busyNow - busy) / (allNow - all);
  };
}

async function childrenOf(pid) {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(pids.map(async (one) => [one, (await stat(one))[1]]));
  return parents.filter(([, parent]) => parent === String(pid)).map(([one]) => Number(one));
}

/** The fields of /proc/PID/stat behind the program's name, which may hold anything: state, parent, … */
async function stat(pid) {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return line.slice(line.lastIndexOf(')') + 2).split(' ');
}

/** User and system time; of the first also what children that have ended used. */
const ticksOf = (fields, withEnded) => fields.slice(11, withEnded ? 15 : 13).reduce((sum, ticks) => sum + Number(ticks || 0), 0);
