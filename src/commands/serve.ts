import { loadConfig } from '../config/load-config.js';
import { configHash } from '../config/show-config.js';
import { createLog } from '../telemetry/log.js';
import { refuseDebugSwitches } from '../telemetry/refuse-debug.js';
import { type Command, configPath, EXIT, parseCommand } from './command.js';

/**
 * `bridge serve`: runs until SIGINT or SIGTERM, then finishes what is in flight. A second signal changes nothing: npm
 * forwards Ctrl-C twice, and an outcome being written must not be lost for it.
 */
export const serveCommand: Command = {
  usage: 'serve',
  summary: 'serve until stopped',
  run: async (args, terminal) => {
    parseCommand(serveCommand, args, {}, 0);
    const config = await loadConfig({ path: configPath(terminal.env), env: terminal.env });
    refuseDebugSwitches({ environment: config.environment, env: terminal.env, execArgv: process.execArgv });
    const log = createLog({ level: config.log.level });
    for (const warning of config.warnings) log.warn('config.warning', { warning });
    log.info('bridge.starting', { instance: config.instance, configHash: configHash(config) });

    // Node would print the message of an error that nobody caught, and a message may quote data.
    const crash = (error: unknown) => {
      log.error('bridge.crashed', { error });
      process.exit(EXIT.failed);
    };
    process.on('uncaughtException', crash);
    process.on('unhandledRejection', crash);

    let end: (reason: string) => void = () => undefined;
    const ended = new Promise<string>((resolve) => {
      end = resolve;
    });
    process.on('SIGINT', () => end('SIGINT'));
    process.on('SIGTERM', () => end('SIGTERM'));
    let fatal = false;
    // The house is loaded by whoever opens it: every other command starts faster, and says nothing that its packages say.
    const { startBridge } = await import('../main.js');
    const bridge = await startBridge(config, log, (event) => {
      fatal = true;
      end(event);
    });
    const reason = await ended;
    log.info('bridge.stopping', { signal: reason });
    await bridge.stop(reason);
    log.info('bridge.stopped');
    return fatal ? EXIT.failed : EXIT.ok;
  },
};
