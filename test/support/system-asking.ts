import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { System } from './system.js';
import type { Answer, Call } from './system-call.js';
import { type Actor, People, question } from './system-people.js';

/** Calls for a board member of a running system, and the proof from outside that a refused one went no further. */
export class Asking {
  readonly system: System;
  readonly people: People;
  readonly board: Actor;

  constructor(system: System) {
    this.system = system;
    this.people = new People(system.sandbox);
    this.board = this.people.actor('board');
  }

  /** A call that is right in everything but what `over` says. */
  async ask(over: Call & { actor?: Actor; about?: object } = {}): Promise<Answer> {
    const { actor = this.board, about = {}, ...call } = over;
    const token = 'token' in call ? call.token : await this.system.token(actor.kimlikNo, call.client);
    const body = question(actor.cooperative, this.people.subject(0), about);
    return this.system.call({ ...(call.raw === undefined ? { body } : {}), ...call, token });
  }

  /**
   * Makes the call and proves that nothing reached STS or KPS, no query was opened and no line came into the book. The
   * answer is a problem document of RFC 9457 in both languages. `reason` may be a pattern.
   */
  async refused(
    call: () => Promise<Answer>,
    status: number,
    code: string,
    reason?: string | RegExp,
  ): Promise<Answer> {
    const before = await this.system.witness();
    const answer = await call();
    const wanted = reason instanceof RegExp ? expect.stringMatching(reason) : reason;
    expect([answer.status, answer.body?.code, answer.body?.reason]).toEqual([status, code, wanted]);
    expect(await this.system.witness()).toEqual(before);
    expectProblem(answer);
    return answer;
  }

  /** A change that batches rely on, made as the bridge itself makes it: no batch stands on both sides of it. */
  async underLock(text: string, values: readonly unknown[]): Promise<void> {
    const inlined = values.reduce<string>(
      (sql, value, i) => sql.replaceAll(`$${i + 1}`, literal(value)),
      text,
    );
    await this.system.sql(`BEGIN; SELECT pg_advisory_xact_lock(7202, 1); ${inlined}; COMMIT`);
  }

  async suspend(mersisNo: string, by: string | null): Promise<void> {
    const text = 'UPDATE bridge.authority_cooperative SET suspended_by = $2 WHERE mersis_no = $1';
    await this.underLock(text, [mersisNo, by]);
  }

  /** How many entries the log has. */
  async entries(): Promise<number> {
    return Number((await this.system.sql('SELECT size FROM bridge.log_head'))[0].size);
  }
}

function expectProblem(answer: Answer): void {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.body).toMatchObject({
    type: `urn:koopbis:problem:${answer.body.code}`,
    status: answer.status,
    title: expect.any(String),
    text: { tr: expect.stringMatching(/\S/), en: expect.stringMatching(/\S/) },
  });
  if (answer.status === 429 || answer.status === 503)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
}

type Fields = Record<'kimlikNo' | 'ad' | 'soyad' | 'dogumTarihi', string>;

/** What is asked about a person, without what the sandbox knows besides. */
export function plain({ kimlikNo, ad, soyad, dogumTarihi }: Fields): Fields {
  return { kimlikNo, ad, soyad, dogumTarihi };
}

export async function until(holds: () => Promise<boolean>, limitMs = 15_000): Promise<void> {
  const limit = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error('it never came about');
    await sleep(30);
  }
}

function literal(value: unknown): string {
  if (value === null) return 'NULL';
  if (Buffer.isBuffer(value)) return `'\\x${value.toString('hex')}'::bytea`;
  return `'${String(value).replaceAll("'", "''")}'`;
}
