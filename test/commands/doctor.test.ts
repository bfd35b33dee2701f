import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/calendar/add-days.js';
import { istanbulDay } from '../../src/calendar/istanbul-day.js';
import { doctorCommand } from '../../src/commands/doctor.js';
import { findingOf } from '../../src/commands/finding.js';
import { BridgeError } from '../../src/errors/bridge-error.js';
import { type Loose, makeWorkplace, PASSWORD, type Workplace } from '../config/fixture.js';
import { run } from './support.js';

let workplace: Workplace;

beforeAll(async () => {
  workplace = await makeWorkplace();
});

afterAll(() => workplace.remove());

async function doctor(change: (settings: Loose) => void, ...args: string[]) {
  await workplace.load((settings) => {
    // Ports at which nothing on this machine listens.
    settings.kps.sts.url = 'https://127.0.0.1:1/sts';
    settings.kps.routing.url = 'https://127.0.0.1:1/kps';
    change(settings);
  });
  return run({ doctor: doctorCommand }, ['doctor', ...args], {
    ...workplace.env,
    BRIDGE_CONFIG: join(workplace.folder, 'bridge.yaml'),
  });
}

const nothing = () => undefined;

describe('bridge doctor', () => {
  it('looks at everything although the first look fails, says each in one line with what to do, and exits 1', async () => {
    const { code, out } = await doctor(nothing);
    expect(code).toBe(1);
    const lines = out.split('\n');
    for (const line of [
      /^FAIL database: DATABASE_UNAVAILABLE: .*start the bridge first/,
      /^FAIL sts: ECONNREFUSED: .*\?$/,
      /^FAIL kps: ECONNREFUSED: .*\?$/,
      /^FAIL time stamps of tsa: ECONNREFUSED: .*\?$/,
      /^ok {3}service certificate: \d+ days left/,
      /^ok {3}web certificate: \d+ days left/,
      /^ok {3}agreement of ticaret: in force until 2027-12-31/,
    ]) {
      expect(lines.filter((one) => line.test(one))).toHaveLength(1);
    }
  });

  it('tries e-Devlet and whoever is told of logouts, and says what is still to be confirmed about strengths', async () => {
    // An object each: YAML would make an anchor of one.
    const key = () => ({ file: 'sign-in.key' });
    workplace.write('sign-in.key', Buffer.alloc(32, 7).toString('base64'), 0o600);
    const { code, out } = await doctor((settings) => {
      settings.edevlet = {
        baseUrl: 'https://127.0.0.1:1/OAuth2AuthorizationServer/',
        clientId: 'x',
        clientSecret: key(),
      };
      settings.signIn = {
        issuer: 'https://giris.example.org',
        apiOrigin: 'https://api.example.org',
        cookieKeys: [key()],
        pairwiseKey: key(),
      };
      settings.clients[0].signIn = {
        name: 'KOOPBİS',
        redirectUris: ['https://koopbis.example.org/donus'],
        backChannelLogoutUri: 'https://127.0.0.1:1/oturum-sonu',
      };
    });
    expect(code).toBe(1);
    const lines = out.split('\n');
    for (const line of [
      /^FAIL e-Devlet: ECONNREFUSED: .*\?$/,
      /^FAIL logout of koopbis-core: ECONNREFUSED: .*\?$/,
      /^ok {3}two steps: no session without them from 2025-07-31; 6 rows of levels are to be confirmed in writing/,
    ])
      expect(lines.filter((one) => line.test(one))).toHaveLength(1);
  });

  it('says that nobody can sign in where sign-in is not set up', async () => {
    const { out } = await doctor(nothing);
    expect(out).toContain('ok   sign-in: not set up (edevlet, signIn): nobody can sign in');
  });

  it.each([
    [
      'has ended',
      '2020-01-01',
      '2021-01-01',
      'FAIL agreement of ticaret: ended on 2021-01-01: renew the protocol with NVİ',
    ],
    [
      'has not begun',
      '2090-01-01',
      '2091-01-01',
      'FAIL agreement of ticaret: begins on 2090-01-01: until then every check is refused',
    ],
  ])('says that an agreement %s', async (_name, validFrom, validUntil, line) => {
    const { out } = await doctor((settings) => {
      Object.assign(settings.accounts[0].agreement, { validFrom, validUntil });
    });
    expect(out.split('\n')).toContain(line);
  });

  it('says when an agreement is to be renewed, by the notice of the settings, and which class is coming', async () => {
    const today = istanbulDay(new Date());
    const [last, change] = [addDays(today, 20), addDays(today, 5)];
    const with20 = (notice: number) => (settings: Loose) => {
      Object.assign(settings.accounts[0].agreement, { validFrom: '2024-01-01', validUntil: last });
      settings.accounts[0].feeClassChanges = [
        { from: '2024-06-01', feeClass: 'outside' },
        { from: change, feeClass: 'paying' },
      ];
      settings.fees = { renewalNoticeDays: notice };
    };
    const line = (renew: string) =>
      `ok   agreement of ticaret: in force until ${last} (20 days)${renew}; declared address 127.0.0.1; paying from ${change}`;
    expect((await doctor(with20(21))).out.split('\n')).toContain(line(': renew it now'));
    expect((await doctor(with20(20))).out.split('\n')).toContain(line(''));
  });

  it('gives the same as JSON', async () => {
    const findings = JSON.parse((await doctor(nothing, '--json')).out);
    expect(findings.map((finding: { name: string }) => finding.name)).toEqual(
      expect.arrayContaining(['database', 'sts', 'kps', 'service certificate', 'agreement of ticaret']),
    );
  });

  it('prints no secret', async () => {
    const { out, err } = await doctor(nothing);
    expect(out + err).not.toContain(PASSWORD);
    expect(out + err).not.toContain('PRIVATE KEY');
  });
});

describe('a look that fails', () => {
  it('is a finding with the words of ours, and without those of others', async () => {
    const ours = findingOf('x', () => {
      throw new BridgeError('SCHEMA_OLDER', 'run bridge migrate');
    });
    expect(await ours).toEqual({ name: 'x', ok: false, text: 'SCHEMA_OLDER: run bridge migrate' });
    const others = findingOf('x', async () => {
      throw new Error('postgres://user:secret@host');
    });
    expect(await others).toEqual({ name: 'x', ok: false, text: 'cannot be used' });
  });
});
