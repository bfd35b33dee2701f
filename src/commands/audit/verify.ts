import { readFile } from 'node:fs/promises';
import { BridgeError } from '../../errors/bridge-error.js';
import { type Command, EXIT, parseCommand, type Terminal } from '../command.js';
import { type Check, verifyFolder } from './offline-verifier.js';

/**
 * `bridge audit verify DIR`: the offline verifier over an export or evidence folder; no database, no network, no settings, and
 * so no entry either.
 */
export const verifyCommand: Command = {
  usage: 'audit verify DIR [--log-key FILE] [--tsa-ca FILE] [--json]',
  summary: 'check an export or evidence folder; with keys from elsewhere instead of those in the folder',
  run: async (args, terminal) => {
    const options = {
      'log-key': { type: 'string', multiple: true },
      'tsa-ca': { type: 'string', multiple: true },
    } as const;
    const { values, positionals } = parseCommand(verifyCommand, args, options, 1);
    const [directory = ''] = positionals;
    const report = await verifyFolder(directory, {
      logKeys: await readAll(values['log-key']),
      tsaCas: await readAll(values['tsa-ca']),
      onCheck: (check) => {
        if (!values.json) show(check, terminal);
      },
    });
    if (values.json) terminal.out(JSON.stringify(report));
    return report.ok ? EXIT.ok : EXIT.failed;
  },
};

function show({ name, ok, tr, en, detail }: Check, terminal: Terminal): void {
  // One line for each check (CONTRACT §6); details may have several.
  const beside = detail === undefined ? '' : ` (${detail.replaceAll('\n', '; ')})`;
  terminal.out(`${ok ? 'ok  ' : 'FAIL'} ${name}: ${en}${beside} / ${tr}`);
}

function readAll(files: readonly string[] = []): Promise<string[]> {
  return Promise.all(
    files.map((file) =>
      readFile(file, 'utf8').catch((cause: unknown) => {
        throw new BridgeError('WRONG_USE', 'a key file cannot be read', { cause });
      }),
    ),
  );
}
