import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { forbiddenPair } from '../../../src/authority/roles/forbidden-pairs.js';
import {
  type HeldRole,
  judgeGrant,
  judgeRevocation,
  type RoleWorld,
  seatKey,
  type WantedRole,
} from '../../../src/authority/roles/judge.js';
import { type NamedRole, parseRole } from '../../../src/authority/roles/role-list.js';

const TODAY = '2026-05-04';
const MERSIS = '0123456789000015';
const DAYS = { from: '2026-05-10', to: '2026-05-12' };
const [ADMIN, OTHER, OFFICER, MANAGER, DESK, SOMEBODY] = ['a1', 'a2', 'so', 'mm', 'dd', 'xx'];

const role = (text: string): NamedRole => parseRole(text) as NamedRole;
const held = (tag: string, text: string, days: Partial<HeldRole> = {}): HeldRole => ({
  roleId: `${tag}-${text}`,
  tag,
  ...role(text),
  from: null,
  to: null,
  ...days,
});
const HOUSE = [
  held(ADMIN, 'administrator'),
  held(OTHER, 'administrator'),
  held(OFFICER, 'security-officer'),
  held(MANAGER, 'ministry-manager:ticaret'),
  held(DESK, 'directorate:ticaret/Ankara'),
];
const world = (roles: readonly HeldRole[] = HOUSE, seats: readonly string[] = []): RoleWorld => ({
  roles,
  places: new Map([[MERSIS, { ministry: 'ticaret', il: 'Ankara' }]]),
  seats: new Set(seats),
  today: TODAY,
});
const wanted = (tag: string, text: string, changes: Partial<WantedRole> = {}): WantedRole => {
  const days = text.startsWith('ministry-representative') ? DAYS : { from: null, to: null };
  return { tag, role: role(text), ...days, ...changes };
};
const REPRESENTATIVE = `ministry-representative:${MERSIS}`;

const word = (refusal: { code: string; reason: string | null } | null) =>
  refusal === null ? 'granted' : (refusal.reason ?? refusal.code);
const grant = (
  actor: string | null,
  one: WantedRole,
  { second = null, where = world() }: { second?: string | null; where?: RoleWorld } = {},
) => word(judgeGrant(one, { actor, second }, where));
const revoke = (actor: string, one: WantedRole, where = world()) => {
  const judged = judgeRevocation(one, actor, where);
  return 'code' in judged ? word(judged) : judged.gone.map(({ roleId }) => roleId).join();
};

describe('a grant', () => {
  it.each([
    ['to oneself', ADMIN, ADMIN, 'finance', 'own-person'],
    ['by an administrator', ADMIN, SOMEBODY, 'finance', 'granted'],
    ['by somebody without a role', SOMEBODY, 'yy', 'finance', 'ROLE_REQUIRED'],
    ['by a manager in the own ministry', MANAGER, SOMEBODY, 'directorate:ticaret/Van', 'granted'],
    ['by a manager in another one', MANAGER, SOMEBODY, 'directorate:tarim/Van', 'outside-own-ministry'],
    ['of a representative by the competent directorate', DESK, SOMEBODY, REPRESENTATIVE, 'granted'],
    ['of a representative by an administrator', ADMIN, SOMEBODY, REPRESENTATIVE, 'ROLE_REQUIRED'],
    [
      'of a representative of an unknown cooperative',
      DESK,
      SOMEBODY,
      'ministry-representative:0999999999000015',
      'cooperative-unknown',
    ],
    ['of what is held', ADMIN, DESK, 'directorate:ticaret/Ankara', 'already-held'],
    ['of the same role for another il', ADMIN, DESK, 'directorate:ticaret/Van', 'granted'],
    ['beside a role that must not meet with it', ADMIN, DESK, 'finance', 'pair-forbidden'],
    ['beside one, the other way round', ADMIN, OFFICER, 'directorate:ticaret/Van', 'pair-forbidden'],
  ])('%s', (_name, actor, person, text, expected) => {
    expect(grant(actor, wanted(person, text))).toBe(expected);
  });

  it.each([
    ['alone', null, 'SECOND_PERSON_REQUIRED'],
    ['with oneself as the second', ADMIN, 'SECOND_PERSON_REQUIRED'],
    ['with the person who gets it as the second', SOMEBODY, 'SECOND_PERSON_REQUIRED'],
    ['with a second person who holds no such role', MANAGER, 'ROLE_REQUIRED'],
    ['with another administrator', OTHER, 'granted'],
    ['with a security officer', OFFICER, 'granted'],
  ])('of administrator or security-officer %s', (_name, second, expected) => {
    expect(grant(ADMIN, wanted(SOMEBODY, 'administrator'), { second })).toBe(expected);
    expect(grant(ADMIN, wanted(SOMEBODY, 'security-officer'), { second })).toBe(expected);
  });

  it('of the first security officer is the only one that an administrator makes alone, being alone', () => {
    const alone = world([held(ADMIN, 'administrator')]);
    expect(grant(ADMIN, wanted(SOMEBODY, 'security-officer'), { where: alone })).toBe('granted');
    expect(grant(ADMIN, wanted(SOMEBODY, 'administrator'), { where: alone })).toBe('SECOND_PERSON_REQUIRED');
    const two = world([held(ADMIN, 'administrator'), held(OTHER, 'administrator')]);
    expect(grant(ADMIN, wanted(SOMEBODY, 'security-officer'), { where: two })).toBe('SECOND_PERSON_REQUIRED');
  });

  it('of a representative is refused where the one who decides, or who is sent, sits at the cooperative', () => {
    for (const who of [DESK, SOMEBODY]) {
      const where = world(HOUSE, [seatKey(who, MERSIS)]);
      expect(grant(DESK, wanted(SOMEBODY, REPRESENTATIVE), { where })).toBe('holds-seat');
    }
    const elsewhere = world(HOUSE, [seatKey(DESK, '0999999999000015'), seatKey(OFFICER, MERSIS)]);
    expect(grant(DESK, wanted(SOMEBODY, REPRESENTATIVE), { where: elsewhere })).toBe('granted');
  });

  it('carries days for a representative and for nobody else', () => {
    expect(grant(DESK, wanted(SOMEBODY, REPRESENTATIVE, { from: null, to: null }))).toBe('days-invalid');
    expect(grant(ADMIN, wanted(SOMEBODY, 'finance', DAYS))).toBe('days-invalid');
    expect(grant(ADMIN, wanted(SOMEBODY, 'finance', { from: null, to: DAYS.to }))).toBe('days-invalid');
  });

  it('of a representative may be repeated for another assembly, not for days that are given already', () => {
    const where = world([...HOUSE, held(SOMEBODY, REPRESENTATIVE, DAYS)]);
    expect(grant(DESK, wanted(SOMEBODY, REPRESENTATIVE), { where })).toBe('already-held');
    const later = { from: '2026-06-10', to: '2026-06-12' };
    expect(grant(DESK, wanted(SOMEBODY, REPRESENTATIVE, later), { where })).toBe('granted');
  });

  it('meets a role of coming days, and no role that is over', () => {
    const coming = world([...HOUSE, held(SOMEBODY, REPRESENTATIVE, DAYS)]);
    expect(grant(ADMIN, wanted(SOMEBODY, 'finance'), { where: coming })).toBe('pair-forbidden');
    const over = { from: '2026-05-01', to: TODAY };
    const gone = world([...HOUSE, held(SOMEBODY, REPRESENTATIVE, over)]);
    expect(grant(ADMIN, wanted(SOMEBODY, 'finance'), { where: gone })).toBe('granted');
  });

  it('by nobody is the first administrator’s alone, while there is none', () => {
    expect(grant(null, wanted(SOMEBODY, 'administrator'))).toBe('administrator-exists');
    expect(grant(null, wanted(SOMEBODY, 'administrator'), { where: world([]) })).toBe('granted');
    expect(grant(null, wanted(SOMEBODY, 'security-officer'), { where: world([]) })).toBe('ROLE_REQUIRED');
    const watched = world([held(SOMEBODY, 'security-officer')]);
    expect(grant(null, wanted(SOMEBODY, 'administrator'), { where: watched })).toBe('pair-forbidden');
  });
});

describe('a revocation', () => {
  it.each([
    ['needs one person', ADMIN, OTHER, 'administrator', 'a2-administrator'],
    ['of what is not held', ADMIN, SOMEBODY, 'finance', 'not-held'],
    ['of the same role with another scope', ADMIN, DESK, 'directorate:ticaret/Van', 'not-held'],
    ['by somebody who could not grant it', MANAGER, OFFICER, 'security-officer', 'ROLE_REQUIRED'],
    ['of the own role is giving it up', ADMIN, ADMIN, 'administrator', 'a1-administrator'],
    ['by a manager', MANAGER, DESK, 'directorate:ticaret/Ankara', 'dd-directorate:ticaret/Ankara'],
  ])('%s', (_name, actor, person, text, expected) => {
    expect(revoke(actor, wanted(person, text))).toBe(expected);
  });

  it('leaves an administrator, and somebody beside one who can be the second person', () => {
    const one = world([held(ADMIN, 'administrator'), held(OFFICER, 'security-officer')]);
    expect(revoke(ADMIN, wanted(ADMIN, 'administrator'), one)).toBe('last-administrator');
    expect(revoke(ADMIN, wanted(OFFICER, 'security-officer'), one)).toBe('last-second-person');
    const two = world([held(ADMIN, 'administrator'), held(OTHER, 'administrator')]);
    expect(revoke(ADMIN, wanted(OTHER, 'administrator'), two)).toBe('last-second-person');
  });

  it('of a representative is not for a directorate’s user who sits there', () => {
    const roles = [...HOUSE, held(SOMEBODY, REPRESENTATIVE, DAYS)];
    expect(revoke(DESK, wanted(SOMEBODY, REPRESENTATIVE), world(roles))).toContain('ministry-repr');
    expect(revoke(DESK, wanted(SOMEBODY, REPRESENTATIVE), world(roles, [seatKey(DESK, MERSIS)]))).toBe(
      'holds-seat',
    );
  });
});

describe('whatever is decided, in whatever order', () => {
  const PEOPLE = [ADMIN, OTHER, OFFICER, MANAGER, DESK, SOMEBODY, 'p7'];
  const TEXTS = [
    'administrator',
    'security-officer',
    'log-inspector',
    'finance',
    'ministry-manager:ticaret',
    'ministry-central:ticaret',
    'directorate:ticaret/Ankara',
    REPRESENTATIVE,
  ];
  const step = fc.record({
    revokes: fc.boolean(),
    actor: fc.constantFrom(...PEOPLE),
    second: fc.option(fc.constantFrom(...PEOPLE)),
    person: fc.constantFrom(...PEOPLE),
    text: fc.constantFrom(...TEXTS),
  });
  /** Carries the steps out as the lane does, one after the other. */
  const play = (
    steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[],
    each: (roles: readonly HeldRole[]) => void,
  ) => {
    let roles: readonly HeldRole[] = [];
    const bootstrap = wanted(ADMIN, 'administrator');
    if (judgeGrant(bootstrap, { actor: null, second: null }, world(roles)) === null)
      roles = [held(ADMIN, 'administrator')];
    for (const [i, { revokes, actor, second, person, text }] of steps.entries()) {
      const one = wanted(person, text);
      if (revokes) {
        const judged = judgeRevocation(one, actor, world(roles));
        if (!('code' in judged)) roles = roles.filter((role) => !judged.gone.includes(role));
      } else if (judgeGrant(one, { actor, second }, world(roles)) === null)
        roles = [...roles, held(person, text, { roleId: String(i), from: one.from, to: one.to })];
      each(roles);
    }
  };

  it('no sequence of grants ends with a forbidden pair in one person', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        play(steps, (roles) => {
          for (const a of roles)
            for (const b of roles)
              if (a.tag === b.tag) expect([a.role, b.role, forbiddenPair(a.role, b.role)]).toContain(null);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('an administrator is always left, and once two can decide together, two always can', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let couldBeTwo = false;
        play(steps, (roles) => {
          expect(roles.some(({ role: name }) => name === 'administrator')).toBe(true);
          const could = new Set(
            roles
              .filter(({ role: name }) => name === 'administrator' || name === 'security-officer')
              .map(({ tag }) => tag),
          );
          expect(couldBeTwo && could.size < 2).toBe(false);
          couldBeTwo ||= could.size > 1;
        });
      }),
      { numRuns: 300 },
    );
  });
});
