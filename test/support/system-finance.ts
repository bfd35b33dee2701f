import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { System } from './system.js';
import { printed, stepUpToken } from './system-authority.js';
import type { Answer, Call } from './system-call.js';
import { bridgeCommand, type CommandRan } from './system-command.js';

/** A finance officer with a token of two steps and the further one, for the reports' client and for the command line. */
interface FinanceOfficer {
  readonly kimlikNo: string;
  readonly token: string;
  /** Holds the token. */
  readonly file: string;
}

/** The two finance officers of a running system at work. Everything that commands wrote is kept, to be looked through. */
export class FinanceDesk {
  readonly system: System;
  readonly first: FinanceOfficer;
  readonly second: FinanceOfficer;
  /** Output of every command. */
  readonly wrote: string[] = [];

  private constructor(system: System, first: FinanceOfficer, second: FinanceOfficer) {
    this.system = system;
    this.first = first;
    this.second = second;
  }

  static async open(system: System): Promise<FinanceDesk> {
    const numbers = system.sandbox.people
      .filter(({ is }) => is.includes('finance'))
      .map(({ kimlikNo }) => kimlikNo);
    const [first, second] = await Promise.all(
      numbers.slice(0, 2).map(async (kimlikNo, n): Promise<FinanceOfficer> => {
        const token = await stepUpToken(system, kimlikNo, 'koopbis-reports');
        const file = join(system.layout.secrets, `finance-${n}`);
        writeFileSync(file, token, { mode: 0o600 });
        return { kimlikNo, token, file };
      }),
    );
    if (first === undefined || second === undefined) throw new Error('there are no two finance officers');
    return new FinanceDesk(system, first, second);
  }

  /** `--token-file` of the first one, for the end of a command line. */
  get asFirst(): readonly string[] {
    return ['--token-file', this.first.file];
  }

  /** Both tokens. */
  get asBoth(): readonly string[] {
    return [...this.asFirst, '--second-token-file', this.second.file];
  }

  /** `bridge fees …`. */
  async run(...args: readonly string[]): Promise<CommandRan> {
    const ran = await bridgeCommand(this.system, ['fees', ...args]);
    this.wrote.push(ran.out, ran.err);
    return ran;
  }

  /** The JSON of a command that must succeed. */
  // biome-ignore lint/suspicious/noExplicitAny: any answer
  async json(...args: readonly string[]): Promise<any> {
    return printed(await this.run(...args, '--json'));
  }

  /** A call of the reports' client for the first officer. */
  read(path: string, over: Call = {}): Promise<Answer> {
    return this.system.call({ client: 'koopbis-reports', token: this.first.token, path, ...over });
  }
}
