import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ConsoleRefusal } from '../../../src/console/frame/console-problem.js';
import { BridgeError } from '../../../src/errors/bridge-error.js';
import { FrameServer, madePerson, NAMES } from './support/frame-server.js';

let server: FrameServer;

beforeAll(async () => {
  server = await FrameServer.open();
  server.seat('officer', madePerson(1, ['security-officer']));
  server.seat('stepped', madePerson(2, ['security-officer'], true));
  server.seat('finance', madePerson(3, ['finance']));
  server.seat('nobody', madePerson(4, []));
});
afterAll(() => server.close());
beforeEach(() => server.clear());

const HOLD = '/konsol/guvenlik/saklama/tutma';
const codeOf = (html: string) => /data-code="([A-Z_]+)"/.exec(html)?.[1] ?? null;
const numberOf = (html: string) =>
  /Hata numarası<\/dt><dd><code>([0-9a-f-]{36})<\/code>/.exec(html)?.[1] ?? null;

/** What must be so of every refusal: the status and code of its page, no handler run, one line told. */
async function expectRefused(response: Response, status: number, code: string): Promise<string> {
  const html = await response.text();
  expect([response.status, codeOf(html)]).toEqual([status, code]);
  expect(server.calls).toEqual([]);
  expect(server.finished.map((one) => [one.status, one.code])).toEqual([[status, code]]);
  return html;
}

describe('the way of a request', () => {
  test('a page asks address, session, notice and role, is written down, and only then shown', async () => {
    const response = await server.get('/konsol/guvenlik', 'officer');
    expect(response.status).toBe(200);
    expect(server.steps).toEqual([
      'address',
      'session',
      'notice',
      'roles',
      'entry console.opened',
      'handler',
    ]);
    expect(await response.text()).toContain('Sayfa security');
  });

  test('an action asks for its form and second step too, before it is written down and done', async () => {
    const response = await server.post(HOLD, 'stepped', [['gerekce', 'dava']]);
    expect(response.status).toBe(200);
    expect(server.steps).toEqual([
      ...['address', 'session', 'notice', 'roles', 'form', 'step-up audit.decide'],
      ...['entry console.acted', 'handler'],
    ]);
    const [called] = server.calls;
    expect(called?.call.fields.get('gerekce')).toBe('dava');
    expect(called?.call.person?.officer).toMatchObject({
      role: 'security-officer',
      acr: 'urn:koopbis:acr:step-up',
    });
  });

  test('what a page or action is about stands in its entry, in the words of the table', async () => {
    await server.get('/konsol/guvenlik/kayit/1204', 'officer');
    await server.post(`${HOLD}/7/kaldir`, 'stepped');
    const { sessionId } = madePerson(1, []).session;
    const [opened, acted] = server.entries;
    expect(opened).toMatchObject({
      kind: 'console.opened',
      data: {
        about: '1204',
        actor: { acr: 'urn:koopbis:acr:two-step', session: sessionId },
        instance: 'test-1',
        page: 'story',
        requestId: server.finished[0]?.requestId,
      },
    });
    expect(opened?.personal.map(({ field, indexed, side }) => [field, side, indexed])).toEqual([
      ['actor.number', 'actor', true],
    ]);
    expect(acted).toMatchObject({
      kind: 'console.acted',
      data: { about: '7', action: 'retention.lift', operation: 'audit.decide' },
    });
  });

  test('a page that writes its own entry gets none from the frame', async () => {
    await server.get('/konsol/mali', 'finance');
    await server.get('/konsol/oturumlarim', 'finance');
    expect([server.entries, server.calls.map(({ id }) => id)]).toEqual([[], ['fees', 'sessions']]);
  });
});

describe('nobody', () => {
  test('is sent from a page to sign in, with the way back to it', async () => {
    const response = await server.get('/konsol/mali/ceyrekler?yil=2026', null);
    const to = new URL(response.headers.get('location') ?? '', server.origin);
    expect([response.status, to.origin, to.pathname]).toEqual([303, server.origin, '/oidc/auth']);
    expect(Object.fromEntries(to.searchParams)).toEqual({
      client_id: 'bridge',
      response_type: 'none',
      scope: 'openid',
      redirect_uri: `${server.origin}/konsol/don`,
      state: '/konsol/mali/ceyrekler?yil=2026',
    });
    expect([server.calls, server.entries]).toEqual([[], []]);
  });

  test('who sends a form is refused and counted, and nothing is done', async () => {
    await expectRefused(
      await server.post(HOLD, null, [['csrf', server.tokenOf('officer')]]),
      401,
      'TOKEN_INVALID',
    );
    expect([server.counted, server.entries]).toEqual([['TOKEN_INVALID'], []]);
  });

  test('a page of everybody is shown to nobody, without a navigation', async () => {
    const html = await (await server.get('/konsol/parcalar', null)).text();
    expect(html).toContain('Sayfa parts');
    expect(html).not.toContain('class="rooms"');
    expect(server.calls[0]?.call.person).toBeNull();
  });

  test('who has not read the notice is as good as nobody: sent on, refused and counted, and called by no name', async () => {
    server.behaviour.informed = false;
    expect((await server.get('/konsol', 'officer')).status).toBe(303);
    const open = await (await server.get('/konsol/parcalar', 'officer')).text();
    expect(open).not.toContain(NAMES.soyad);
    expect(server.calls.map(({ call }) => call.person)).toEqual([null]);
    expect((await server.post(HOLD, 'officer')).status).toBe(401);
    expect([server.counted, server.entries]).toEqual([['TOKEN_INVALID'], []]);
  });
});

describe('addresses', () => {
  test.each([
    ['GET', '/konsol/boyle-bir-sayfa-yok'],
    ['GET', '/konsol/guvenlik/kayit/1/baska'],
    ['GET', '/konsol/%E0%A4%A'],
    ['GET', '/konsol/isler/%E0%A4%A'],
    ['GET', '/KONSOL/guvenlik'],
    ['GET', '/konsol/oturumlarim/kapat'],
    ['POST', '/konsol/parcalar'],
    ['POST', '/konsol/guvenlik'],
  ])('%s %s is none of the table: not found, counted, nothing run', async (method, path) => {
    const response =
      method === 'GET' ? await server.get(path, 'officer') : await server.post(path, 'officer');
    if (path.startsWith('/KONSOL')) {
      expect(response.status).toBe(404);
      return;
    }
    await expectRefused(response, 404, 'NOT_FOUND');
    expect(server.counted).toEqual(['NOT_FOUND']);
  });

  test.each(['/konsol/isler/a%00b', `/konsol/isler/${'a'.repeat(201)}`, '/konsol/isler/a%0Ab'])(
    '%s holds what no address of ours does: not found, with an entry that does not repeat it',
    async (path) => {
      await expectRefused(await server.get(path, 'officer'), 404, 'NOT_FOUND');
      expect(server.entries.map(({ data }) => [data.action, data.about, data.code, data.reason])).toEqual([
        ['job', null, 'NOT_FOUND', 'address'],
      ]);
    },
  );

  test('a number of a person in an address is not repeated in the entry', async () => {
    const { person } = madePerson(5, []).session;
    await server.get(`/konsol/guvenlik/kayit/${person.reveal()}`, 'finance');
    expect(server.entries.map(({ data }) => [data.action, data.about])).toEqual([['story', null]]);
  });

  test('an address that asks too often is turned away before anybody is looked up', async () => {
    server.behaviour.passes = false;
    const response = await server.get('/konsol/guvenlik', 'officer');
    expect(response.headers.get('retry-after')).toBe('60');
    await expectRefused(response, 429, 'RATE_LIMITED');
    expect(server.steps).toEqual(['address']);
    expect(server.counted).toEqual(['RATE_LIMITED']);
    server.finished.length = 0;
    await expectRefused(await server.get('/konsol/yok'), 429, 'RATE_LIMITED');
  });

  test('what stands behind the question mark is cleaned as fields are', async () => {
    await server.get('/konsol/isler?a=%00b&c=e%CC%81&d=%0A', 'officer');
    expect([...(server.calls[0]?.call.query ?? [])]).toEqual([
      ['a', 'b'],
      ['c', 'é'],
      ['d', ''],
    ]);
  });
});

describe('roles', () => {
  test('another role’s page is refused with an entry that says who, what and why, and the number of the page', async () => {
    const html = await expectRefused(
      await server.get('/konsol/guvenlik/uyarilar/12', 'finance'),
      403,
      'ROLE_REQUIRED',
    );
    const { session } = madePerson(3, []);
    expect(server.entries).toEqual([
      {
        id: expect.any(String),
        kind: 'console.refused',
        eventAt: expect.any(Date),
        data: {
          about: '12',
          action: 'signal',
          actor: {
            acr: session.acr,
            authTime: session.authTime.toISOString(),
            session: session.sessionId,
          },
          code: 'ROLE_REQUIRED',
          instance: 'test-1',
          reason: null,
          requestId: numberOf(html),
        },
        personal: [
          {
            field: 'actor.number',
            side: 'actor',
            person: session.person,
            text: session.person.reveal(),
            indexed: true,
          },
        ],
      },
    ]);
    expect(server.counted).toEqual([]);
  });

  test('another role’s form is refused before it is read', async () => {
    await expectRefused(await server.post(HOLD, 'finance'), 403, 'ROLE_REQUIRED');
    expect(server.steps).not.toContain('form');
    expect(server.steps).not.toContain('step-up audit.decide');
  });

  test('a refusal of the room beneath is told as such, with its reason in the entry', async () => {
    server.answers.set('story', async () => {
      throw new BridgeError('STATE_CONFLICT', 'never shown', { fields: { reason: 'already-decided' } });
    });
    const response = await server.get('/konsol/guvenlik/kayit/1', 'officer');
    const html = await response.text();
    expect([response.status, codeOf(html), html.includes('never shown')]).toEqual([
      409,
      'STATE_CONFLICT',
      false,
    ]);
    expect(server.entries.at(-1)?.data).toMatchObject({ code: 'STATE_CONFLICT', reason: 'already-decided' });
  });

  test('a reason that is no closed word does not get into the entry', async () => {
    server.answers.set('story', async () => {
      throw new BridgeError('STATE_CONFLICT', 'x', { fields: { reason: 'Ayşe Örnek 10000000146' } });
    });
    await server.get('/konsol/guvenlik/kayit/1', 'officer');
    expect(server.entries.at(-1)?.data).toMatchObject({ code: 'STATE_CONFLICT', reason: null });
  });
});

describe('a refusal that is told on its own page', () => {
  const words = { tr: 'Form', en: 'Form' };
  const page = { title: words, help: words, parts: [] };
  const refused = { code: 'OUTSIDE_OWN_AREA', reason: 'outside-own-ministry' };

  test('is an entry as any other is, with the status that the page says', async () => {
    server.answers.set('story', async () => ({ kind: 'page', page, status: 403, refused }));
    const response = await server.get('/konsol/guvenlik/kayit/1', 'officer');
    expect([response.status, (await response.text()).includes('Form')]).toEqual([403, true]);
    const last = server.entries.at(-1);
    expect(last?.kind).toBe('console.refused');
    expect(last?.data).toMatchObject({ ...refused, action: 'story', about: '1' });
    expect(server.finished).toMatchObject([{ status: 403, code: 'OUTSIDE_OWN_AREA', error: null }]);
  });

  test('is not told where it cannot be written down', async () => {
    server.answers.set('story', async () => {
      server.behaviour.logFault = new BridgeError('AUDIT_UNAVAILABLE', 'down');
      return { kind: 'page', page, status: 403, refused };
    });
    const response = await server.get('/konsol/guvenlik/kayit/1', 'officer');
    expect([response.status, codeOf(await response.text())]).toEqual([503, 'AUDIT_UNAVAILABLE']);
  });

  test('a legal hold has words and a code of its own', async () => {
    server.answers.set('story', async () => {
      throw new BridgeError('LEGAL_HOLD', 'never shown');
    });
    const response = await server.get('/konsol/guvenlik/kayit/1', 'officer');
    const html = await response.text();
    expect([response.status, codeOf(html)]).toEqual([409, 'LEGAL_HOLD']);
    expect(html).toContain('yasal tutma altındadır');
    expect(html).not.toContain('bu arada değişmiş');
    expect(server.entries.at(-1)?.data).toMatchObject({ code: 'LEGAL_HOLD', reason: null });
  });
});

describe('when something is not there', () => {
  test('a page that cannot be written down is not shown: 503, come back later', async () => {
    server.behaviour.logFault = new BridgeError('AUDIT_UNAVAILABLE', 'down');
    const response = await server.get('/konsol/guvenlik', 'officer');
    expect(response.headers.get('retry-after')).toBe('30');
    await expectRefused(response, 503, 'AUDIT_UNAVAILABLE');
    expect(server.finished[0]?.error).toBe(server.behaviour.logFault);
  });

  test('an action that cannot be written down is not done', async () => {
    server.behaviour.logFault = new BridgeError('DATABASE_UNAVAILABLE', 'down');
    await expectRefused(await server.post(HOLD, 'stepped'), 503, 'AUDIT_UNAVAILABLE');
  });

  test('a refusal that cannot be written down is told as the log’s absence, once', async () => {
    server.behaviour.logFault = new BridgeError('AUDIT_UNAVAILABLE', 'down');
    await expectRefused(await server.get('/konsol/guvenlik', 'finance'), 503, 'AUDIT_UNAVAILABLE');
  });

  test.each([
    ['an error that nobody foresaw', () => new Error('parola 1234 tablosu yok')],
    ['a value that is no error', () => 'parola 1234'],
    ['an error of ours that has no page', () => new BridgeError('PRINTING_FORBIDDEN', 'parola 1234')],
  ])('%s says nothing of itself; its number finds it in the process’s log', async (_what, make) => {
    const thrown = make();
    server.answers.set('security', async () => {
      throw thrown;
    });
    const response = await server.get('/konsol/guvenlik', 'officer');
    const html = await response.text();
    expect([response.status, codeOf(html)]).toEqual([500, 'INTERNAL']);
    expect(html).not.toContain('1234');
    expect(server.finished).toMatchObject([{ status: 500, code: 'INTERNAL', requestId: numberOf(html) }]);
    expect(server.finished[0]?.error).toBe(thrown);
    expect(server.entries.map(({ kind }) => kind)).toEqual(['console.opened']);
  });

  test('a page that cannot be rendered is our fault and not the reader’s', async () => {
    const words = { tr: 'x', en: 'x' };
    const links = [{ href: 'javascript:alert(1)', text: words }];
    server.answers.set('security', async () => ({
      kind: 'page',
      page: { title: words, help: words, parts: [{ part: 'links', label: words, links }] },
    }));
    const response = await server.get('/konsol/guvenlik', 'officer');
    const html = await response.text();
    expect([response.status, codeOf(html), html.includes('javascript:')]).toEqual([500, 'INTERNAL', false]);
    expect(server.finished[0]?.error).toMatchObject({ code: 'INTERNAL' });
  });

  test('a refusal thrown by a handler that is not signed in is counted', async () => {
    server.answers.set('returned', async () => {
      throw new ConsoleRefusal('NOT_FOUND');
    });
    expect((await server.get('/konsol/don')).status).toBe(404);
    expect(server.counted).toEqual(['NOT_FOUND']);
  });
});
