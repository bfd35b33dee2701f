import { runAudit } from './audit/run-audit.js';
import { runAuthority } from './authority/run-authority.js';
import { Cleanup } from './common/cleanup.js';
import { runConsole } from './console/run-console.js';
import { runFees } from './fees/run-fees.js';
import { runMersis } from './mersis/run-mersis.js';
import { type BenchOptions, HELP, parseBenchOptions } from './options.js';
import { runSearch } from './search/run-search.js';
import { runVerifier } from './verifier/run-verifier.js';
import { runVerify } from './verify/run-verify.js';

/** Exit 0 measured, 1 where something was not answered rightly or did not run, 2 wrong use. */
async function main(args: readonly string[]): Promise<number> {
  let options: BenchOptions | 'help';
  try {
    options = parseBenchOptions(args);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${HELP}\n`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const say = (text: string) => {
    process.stdout.write(`${text}\n`);
  };
  const cleanup = new Cleanup();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Also twice, as npm forwards Ctrl-C: cleaning up happens once.
    process.on(signal, () => void cleanup.run().finally(() => process.exit(130)));
  }
  try {
    if (options.bench === 'verify') await runVerify(options, cleanup, say);
    else if (options.bench === 'verifier') await runVerifier(options, cleanup, say);
    else if (options.bench === 'search') await runSearch(options, cleanup, say);
    else if (options.bench === 'authority') await runAuthority(options, cleanup, say);
    else if (options.bench === 'mersis') await runMersis(options, cleanup, say);
    else if (options.bench === 'console') await runConsole(options, cleanup, say);
    else if (options.bench === 'fees') await runFees(options, cleanup, say);
    else await runAudit(options, cleanup, say);
    return 0;
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return 1;
  } finally {
    await cleanup.run();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'failed';
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
