import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { layoutOf } from './layout.js';
import { readSandboxFile } from './sandbox-file.js';
import { SignInRefused, signIn } from './sign-in.js';

const USAGE = 'npm run --silent sandbox:token -- <kimlikNo> [--client NAME] [--step-up] [--data DIR]';

/** Prints an access token for the API alone; exit 1 with the reason where sign-in is refused, 2 for wrong use. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      client: { type: 'string', default: 'koopbis-core' },
      'step-up': { type: 'boolean', default: false },
      data: { type: 'string', default: 'var/sandbox' },
    },
    allowPositionals: true,
  });
  const [kimlikNo, ...more] = positionals;
  const { sandboxFile } = layoutOf(values.data, null);
  if (kimlikNo === undefined || more.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    return 2;
  }
  if (!existsSync(sandboxFile)) {
    process.stderr.write('no sandbox here: start it with npm run sandbox\n');
    return 1;
  }
  const sandbox = readSandboxFile(sandboxFile);
  const token = await signIn(sandbox, kimlikNo, { client: values.client, stepUp: values['step-up'] });
  process.stdout.write(`${token}\n`);
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const wrongUse =
      error instanceof TypeError && String('code' in error ? error.code : '').startsWith('ERR_PARSE_ARGS');
    process.stderr.write(`${wrongUse ? USAGE : reasonOf(error)}\n`);
    process.exitCode = wrongUse ? 2 : 1;
  },
);

function reasonOf(error: unknown): string {
  if (error instanceof SignInRefused) return error.message;
  const detail = error instanceof Error ? `: ${error.message}` : '';
  return `the sandbox does not answer as it should${detail}`;
}
