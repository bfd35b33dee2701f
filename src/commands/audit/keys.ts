import { createHash } from 'node:crypto';
import { createSigner, parseVerifierKey } from '../../audit/note/note.js';
import { loadConfig } from '../../config/load-config.js';
import { type Command, configPath, EXIT, parseCommand } from '../command.js';
import { recordUse } from '../record-use.js';

/**
 * `bridge audit keys`: the verifier keys of the log, the active one first, as `log.pub` of an export holds them. They are to be
 * published: whoever verifies a folder compares its keys with these. Before a change of key the new one's is told by it too.
 */
export const keysCommand: Command = {
  usage: 'audit keys [--json]',
  summary: 'the verifier keys of the log with their fingerprints, to be published',
  run: async (args, terminal) => {
    const { values } = parseCommand(keysCommand, args, {}, 0);
    const config = await loadConfig({ path: configPath(terminal.env), env: terminal.env });
    await recordUse(terminal, config, 'audit keys');
    const { origin, checkpointKey, oldCheckpointKeys } = config.audit;
    const keys = [
      createSigner(origin, checkpointKey.reveal()).key,
      ...oldCheckpointKeys.map(parseVerifierKey),
    ].map(({ text }, i) => ({
      key: text,
      sha256: createHash('sha256').update(text, 'utf8').digest('hex'),
      use: i === 0 ? 'signs' : 'verifies',
    }));
    terminal.out(
      values.json
        ? JSON.stringify(keys)
        : keys.map(({ key, sha256, use }) => `${key}\n  SHA-256 ${sha256}, ${use}`).join('\n'),
    );
    return EXIT.ok;
  },
};
