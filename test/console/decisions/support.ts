import { valueFrom } from '../../../src/audit/retention/exclusive-lane.js';
import { createProposeLane, type NewProposal } from '../../../src/audit/retention/propose-lane.js';
import type { Decision, DecisionDesk } from '../../../src/console/decisions/port.js';
import { REASON_FIELDS } from '../../../src/console/decisions/read-decision.js';
import type { Answer, ConsolePerson } from '../../../src/console/frame/call.js';
import type { Part } from '../../../src/console/frame/parts.js';
import { problemOf } from '../../../src/console/frame/problem-page.js';
import { type LiftWish, proposeLift } from '../../../src/fees/ahead/propose-lift.js';
import { proposeTariff } from '../../../src/fees/tariff/propose-tariff.js';
import { openWork } from '../../../src/house/console/open-work.js';
import { deedPortsOf } from '../../../src/house/deed-ports.js';
import { liftTools, tariffTools } from '../../../src/house/fees/fee-tools.js';
import { retentionOfficer, retentionTools } from '../../../src/house/retention-tools.js';
import { doneValue } from '../../../src/proposals/verdict.js';
import type { Loose } from '../../config/fixture.js';
import { ConsoleDesk, pageOf, typed } from '../support/console-desk.js';

/** Settings with a budget, and with a row of the tariff that is not in force. */
export function withBudget(settings: Loose): void {
  settings.accounts[0].budget = { quarterQueries: 1000, stopAtPercent: 100 };
}

/** The inbox over a real database, and the rooms that propose. */
export class Inbox {
  readonly handlers: ReturnType<typeof openWork>['handlers'];

  private constructor(
    readonly desk: ConsoleDesk,
    desks: readonly DecisionDesk[],
  ) {
    this.handlers = openWork(desk.parts(), desks, []).handlers;
  }

  static async open(
    change: (settings: Loose) => void = withBudget,
    desks: readonly DecisionDesk[] = [],
  ): Promise<Inbox> {
    return new Inbox(await ConsoleDesk.open(change), desks);
  }

  finance(n: number): Promise<ConsolePerson> {
    return this.desk.person(n, [{ role: 'finance' }]);
  }

  security(n: number): Promise<ConsolePerson> {
    return this.desk.person(n, [{ role: 'security-officer' }]);
  }

  async list(person: ConsolePerson) {
    return pageOf(await this.handlers.decisions(this.desk.call('decisions', person)));
  }

  /** Ids and states of what the inbox shows. */
  async listed(person: ConsolePerson): Promise<readonly (readonly [id: string, state: string])[]> {
    const { parts } = await this.list(person);
    const [table] = parts;
    if (table?.part !== 'table') throw new Error('the inbox has no table');
    return table.rows.map((row) => {
      const [link, state] = [row[0] as { href: string }, row.at(-1) as { text: { tr: string } }];
      return [link.href.split('/').at(-1) ?? '', state.text.tr] as const;
    });
  }

  async show(person: ConsolePerson, proposal: string) {
    return pageOf(await this.handlers.decision(this.desk.call('decision', person, { params: { proposal } })));
  }

  decide(
    person: ConsolePerson,
    proposal: string,
    decision: Decision,
    { reason = '', ...fields }: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const given = { karar: decision, [REASON_FIELDS[decision]]: reason, ...fields };
    const call = this.desk.call('decision.decide', person, { params: { proposal }, fields: typed(given) });
    return this.handlers['decision.decide'](call);
  }

  /** The sentence of the answer, the page's status, or the code of the refusal that a person meets. */
  async outcome(...wish: Parameters<Inbox['decide']>): Promise<string | number> {
    try {
      const answer = await this.decide(...wish);
      if (answer.kind === 'see-other') return answer.told ?? 'see-other';
      return answer.kind === 'page' ? (answer.status ?? 200) : 'file';
    } catch (error) {
      return problemOf(error).code;
    }
  }

  async proposeLift(person: ConsolePerson, wish: Partial<LiftWish> = {}): Promise<string> {
    const { config, log } = this.desk;
    const tools = liftTools(config, deedPortsOf(config.instance, null, ['finance']));
    const officer = { ...person.officer, role: 'finance' };
    const whole = { account: 'ticaret', toPercent: 150, reason: null, officer, ...wish };
    return doneValue(await proposeLift(log.appender, tools, whole)).proposal;
  }

  async proposeTariff(person: ConsolePerson, row: string, from: string): Promise<string> {
    const { config, log } = this.desk;
    const tools = tariffTools(config, deedPortsOf(config.instance, null, ['finance']));
    const officer = { ...person.officer, role: 'finance' };
    return doneValue(await proposeTariff(log.appender, tools, { row, from, reason: 'RG', officer })).proposal;
  }

  async proposeRetention(
    person: ConsolePerson,
    wish: Pick<NewProposal, 'terms' | 'subject'> & { readonly reason?: string },
  ): Promise<string> {
    const { config, log } = this.desk;
    const officer = { ...person.officer, role: 'security-officer' };
    const lane = createProposeLane(retentionTools({ config, log }, officer));
    const proposal = { reason: 'kararın gereği', ...wish, officer: retentionOfficer(officer) };
    return valueFrom(await log.appender.submit(lane, proposal)).id;
  }

  /** As if the last periodic run had gone by this term. */
  async termInForce(years: number): Promise<void> {
    const text = `INSERT INTO bridge.log_state (name, state) VALUES ('retention', $1) ON CONFLICT (name) DO UPDATE SET state = excluded.state`;
    await this.desk.sql(text, [JSON.stringify({ years, lastRunAt: null, refusedYears: null })]);
  }

  /** Turns the clock of one proposal: its time is over. */
  async expire(proposal: string): Promise<void> {
    for (const table of ['proposal', 'retention_proposal'])
      await this.desk.sql(
        `UPDATE bridge.${table} SET expires_at = now() - interval '1 minute' WHERE proposal_id = $1`,
        [proposal],
      );
  }

  close(): Promise<void> {
    return this.desk.close();
  }
}

/** Parts of one kind. */
export function partsOf<Kind extends Part['part']>(
  parts: readonly Part[],
  kind: Kind,
): readonly Extract<Part, { part: Kind }>[] {
  return parts.filter((one): one is Extract<Part, { part: Kind }> => one.part === kind);
}

/** What the forms of a page would decide. */
export function offered(parts: readonly Part[]): readonly string[] {
  return partsOf(parts, 'form').map(({ hidden }) => hidden?.karar ?? '');
}
