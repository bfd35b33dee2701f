import { cpuOfFamily } from '../common/cpu.js';

/** What one measurement gave. CPU in µs for each entry; the node process is this one. */
export interface Speed {
  readonly entries: number;
  readonly entriesPerSecond: number;
  readonly nodeUs: number;
  readonly postgresUs: number;
}

/** Runs `work`, which says how many entries it wrote durably, and sees what it took. */
export async function clocked(postmaster: number, work: () => Promise<number>): Promise<Speed> {
  const nodeBefore = process.cpuUsage();
  const postgresBefore = cpuOfFamily(postmaster);
  const start = performance.now();
  const entries = await work();
  const ms = performance.now() - start;
  const node = process.cpuUsage(nodeBefore);
  if (entries === 0) throw new Error('nothing was written');
  return {
    entries,
    entriesPerSecond: (entries / ms) * 1000,
    nodeUs: (node.user + node.system) / entries,
    postgresUs: (cpuOfFamily(postmaster) - postgresBefore) / entries,
  };
}
