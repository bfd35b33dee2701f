import { join } from 'node:path';
import { verifyFolder } from '../../verifier/node-api.js';
import type { Cleanup } from '../common/cleanup.js';
import { median, table } from '../common/figures.js';
import { writeResults } from '../common/results.js';
import { makeWorkplace } from '../common/workplace.js';
import type { VerifierOptions } from '../options.js';
import { hashFile, hashLines } from './bare.js';
import { writeExport } from './write-export.js';

const TARGET = 0.4;
const WAYS = ['verifier', 'lines', 'file'] as const;
type Way = (typeof WAYS)[number];
const NAMES: Readonly<Record<Way, string>> = {
  verifier: 'verifier',
  lines: '(i) SHA-256 of each line',
  file: '(ii) one SHA-256 of the file',
};

/** Seconds of each way in one round. */
type Round = Record<Way, number>;

/** `npm run bench -- verifier`. Throws where the export does not hold. */
export async function runVerifier(
  options: VerifierOptions,
  cleanup: Cleanup,
  say: (text: string) => void,
): Promise<void> {
  const { entries } = options;
  const directory = join(makeWorkplace(cleanup), 'export');
  say(`writing an export of ${entries} entries`);
  const bytes = await writeExport(directory, entries);
  const rounds: Round[] = [];
  // The first round warms up and is not counted.
  for (let round = 0; round <= options.rounds; round += 1) {
    const seconds = await runRound(directory, entries, round);
    if (round === 0) continue;
    rounds.push(seconds);
    const said = WAYS.map((way) => `${way} ${seconds[way].toFixed(2)} s`);
    say(`round ${round} of ${options.rounds}: ${said.join(', ')}`);
  }
  const ratioTo = (way: Way) => rounds.map((round) => round[way] / round.verifier);
  const figures = { toLines: ratioTo('lines'), toFile: ratioTo('file') };
  const ratio = median(figures.toLines);
  say(`\n${summaryText(rounds, entries, bytes)}\n`);
  say(`target ≥ ${TARGET} × (i) ${ratio >= TARGET ? 'met' : 'NOT met'}`);
  const results = { options: { entries, rounds: options.rounds }, bytes, rounds, ...figures, target: TARGET };
  say(`written to ${writeResults('verifier', results)}`);
}

/** All ways once; the order turns with the round. */
async function runRound(directory: string, entries: number, round: number): Promise<Round> {
  const path = join(directory, 'entries.ndjson');
  const ways: Record<Way, () => Promise<boolean> | boolean> = {
    verifier: async () => (await verifyFolder(directory)).ok,
    lines: () => hashLines(path) === entries,
    file: () => hashFile(path).length === 64,
  };
  const seconds: Partial<Round> = {};
  for (let turn = 0; turn < WAYS.length; turn += 1) {
    const way = WAYS[(turn + round) % WAYS.length] as Way;
    const begin = performance.now();
    if (!(await ways[way]())) throw new Error(`${way}: the export does not hold`);
    seconds[way] = (performance.now() - begin) / 1000;
  }
  return seconds as Round;
}

function summaryText(rounds: readonly Round[], entries: number, bytes: number): string {
  const rows = WAYS.map((way) => {
    const seconds = median(rounds.map((round) => round[way]));
    const ratios = rounds.map((round) => (round[way] / round.verifier).toFixed(2));
    const ratio = median(rounds.map((round) => round[way] / round.verifier)).toFixed(2);
    const speed = [(entries / seconds).toFixed(0), (bytes / seconds / 1e6).toFixed(0)];
    return [NAMES[way], ...speed, way === 'verifier' ? '' : `${ratio} (${ratios.join(' ')})`];
  });
  return table([['', 'entries/s', 'MB/s', 'verifier to this'], ...rows]);
}
