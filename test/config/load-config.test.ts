import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeKey32 } from '../../src/config/key32.js';
import { loadConfig } from '../../src/config/load-config.js';
import { type Loose, makeWorkplace, PASSWORD, problemsOf, THUMBPRINT, type Workplace } from './fixture.js';

let place: Workplace;
beforeAll(async () => {
  place = await makeWorkplace();
});
afterAll(() => place.remove());

const refused = (change: (settings: Loose) => void, env?: Record<string, string>) =>
  problemsOf(place.load(change, env));

describe('good settings', () => {
  it('load with every default filled in', async () => {
    const config = await place.load();
    expect(config.listeners.service).toMatchObject({ host: '127.0.0.1', port: 8443, maxBodyBytes: 16_384 });
    expect(config.limits.answerDeadlineMs).toBe(15_000);
    expect(config.kps.service).toEqual({ name: 'BilesikKutukSorgulaKimlikNoServis', version: '2024/04/01' });
    expect(config.database.migrateOnStart).toBe(true);
    expect(config.warnings).toEqual([]);
  });

  it('take the host name where no instance is named, and production where no environment is', async () => {
    const config = await place.load(
      (settings) => {
        delete settings.instance;
        delete settings.environment;
        settings.database = { url: { env: 'DB' }, ownerUrl: { env: 'DB' } };
      },
      { DB: 'postgres://app:x@localhost/bridge' },
    );
    expect(config.instance).toBe(hostname());
    expect(config.environment).toBe('production');
    expect(config.database.migrateOnStart).toBe(false);
  });

  it('make paths absolute from the folder of the settings file', async () => {
    const config = await place.load();
    expect(config.listeners.service.certificate).toBe(join(place.folder, 'server.crt'));
    expect(config.database.embedded?.directory).toBe(join(place.folder, 'data'));
  });

  it('read secrets from files and variables, without the line end of an editor', async () => {
    place.write('password', `${PASSWORD}\r\n`);
    const fromFile = await place.load((settings) => {
      settings.accounts[0].password = { file: 'password' };
    });
    const fromEnv = await place.load();
    expect(fromFile.accounts[0]?.password.reveal()).toBe(PASSWORD);
    expect(fromEnv.accounts[0]?.password.reveal()).toBe(PASSWORD);
  });

  it('accept keys as hex and base64, both of 32 bytes', async () => {
    const config = await place.load();
    expect(config.audit.masterKeys.map(({ key }) => decodeKey32(key).length)).toEqual([32]);
    expect(config.audit.tagKeys.map(({ key }) => decodeKey32(key).length)).toEqual([32]);
  });

  it('keep thumbprints as lower-case hex, also where colons were written', async () => {
    const config = await place.load((settings) => {
      settings.clients[0].certificates = [Array.from({ length: 32 }, () => 'AB').join(':')];
    });
    expect(config.clients[0]?.certificates).toEqual([THUMBPRINT]);
  });

  it('hold the six purposes of the closed list, ex officio checks for the administration alone', async () => {
    const { purposes } = await place.load();
    expect(purposes.map(({ code }) => code)).toEqual([
      'ortak-kayit',
      'ortak-guncelleme',
      'yetkili-atama',
      'toplu-aktarim',
      'genel-kurul',
      'resen-kontrol',
    ]);
    expect(purposes.at(-1)?.roles).toEqual(['directorate', 'ministry-central', 'ministry-manager']);
  });

  it('have the three known rows of the tariff by default, which of them are in force is not theirs to say', async () => {
    const { fees } = await place.load();
    expect(fees.tariff).toEqual([
      {
        id: 'rg-26296',
        from: '2006-09-21',
        amountKurus: 1,
        basis: 'per-query',
        service: null,
        gazette: 'RG 26296',
      },
      {
        id: 'rg-27399',
        from: '2009-11-07',
        amountKurus: 2,
        basis: 'per-query',
        service: null,
        gazette: 'RG 27399',
      },
      {
        id: 'rg-31168',
        from: '2020-06-27',
        amountKurus: 3,
        basis: 'per-input-datum',
        service: null,
        gazette: 'RG 31168',
      },
    ]);
    expect(fees.inputs).toEqual([
      { service: 'BilesikKutukSorgulaKimlikNoServis', version: '2023/02/01', inputs: 2 },
      { service: 'BilesikKutukSorgulaKimlikNoServis', version: '2024/04/01', inputs: 2 },
      { service: 'TumKutukDogrulaServis', version: '2025/08/01', inputs: 4 },
    ]);
    expect(fees).toMatchObject({ collectHours: 24, proposalHours: 72, holidays: [], renewalNoticeDays: 60 });
  });

  it('may have rows of their own, also by returned record and for one service', async () => {
    const row = {
      id: 'rg-1',
      from: '2027-01-01',
      amountKurus: 0,
      basis: 'per-returned-record',
      gazette: 'RG 1',
    };
    const { fees } = await place.load((settings) => {
      settings.fees = { tariff: [row, { ...row, id: 'rg-2', service: 'TumKutukDogrulaServis' }] };
    });
    expect(fees.tariff.map(({ id, service }) => [id, service])).toEqual([
      ['rg-1', null],
      ['rg-2', 'TumKutukDogrulaServis'],
    ]);
  });

  it('print no secret, whichever way they are printed', async () => {
    const config = await place.load();
    for (const printed of [
      inspect(config, { depth: 10, showHidden: true }),
      JSON.stringify(config),
      `${config.accounts[0]?.password}`,
    ]) {
      expect(printed).not.toContain(PASSWORD);
      expect(printed).not.toContain('PRIVATE KEY');
    }
  });
});

describe('wrong settings', () => {
  it('are all told at once: unknown keys, wrong values, broken rules and unreadable secrets', async () => {
    const problems = await refused((settings) => {
      settings.listenrs = {};
      settings.kps.timeoutMs = 'soon';
      settings.limits = { queriesPerUserPerMinute: 50, queriesPerUserPerDay: 10 };
      settings.clients[0].account = 'nobody';
      settings.listeners.service.key = { file: 'missing.key' };
    });
    expect(problems).toHaveLength(5);
    expect(problems).toEqual(
      expect.arrayContaining([
        'listenrs: unknown setting; the nearest is listeners',
        'kps.timeoutMs: must be a whole number',
        'limits.queriesPerUserPerMinute: must not be above queriesPerUserPerDay',
        'clients[0].account: names an account that does not exist',
        `listeners.service.key: cannot be read (ENOENT); names are relative to ${place.folder}`,
      ]),
    );
  });

  it.each([
    [
      'a key of a group',
      (s: Loose) => {
        s.listeners.service.prot = 1;
      },
      'listeners.service.prot: unknown setting; the nearest is port',
    ],
    [
      'another case',
      (s: Loose) => {
        s.kps.timeoutms = 1;
      },
      'kps.timeoutms: unknown setting; the nearest is timeoutMs',
    ],
    [
      'a key of a list item',
      (s: Loose) => {
        s.clients[0].permision = [];
      },
      'clients[0].permision: unknown setting; the nearest is permissions',
    ],
    [
      'a key of an optional group',
      (s: Loose) => {
        s.database.embedded.dir = 'x';
      },
      'database.embedded.dir: unknown setting; the nearest is directory',
    ],
    [
      'a key of the client certificate',
      (s: Loose) => {
        s.kps.clientCertificate.pfxx = 'x';
      },
      'kps.clientCertificate.pfxx: unknown setting; the nearest is pfx',
    ],
  ])('name the nearest known setting for %s', async (_what, change, problem) => {
    expect(await refused(change)).toContain(problem);
  });

  it('of an empty file name every setting that is required', async () => {
    const problems = await problemsOf(place.loadText('# nothing yet\n'));
    for (const path of [
      'listeners.service.certificate',
      'listeners.service.key',
      'audit.masterKeys',
      'audit.tagKeys',
      'kps.sts.url',
      'kps.routing.url',
    ]) {
      expect(problems).toContain(`${path}: is required`);
    }
    expect(problems).toContain('database: must have exactly one of url, embedded');
  });

  it.each([
    [
      'a port out of range',
      (s: Loose) => {
        s.listeners.service.port = 70_000;
      },
      'listeners.service.port: must be at most 65535',
    ],
    [
      'a fraction',
      (s: Loose) => {
        s.limits = { idempotencyHours: 1.5 };
      },
      'limits.idempotencyHours: must be a whole number',
    ],
    [
      'an unknown environment',
      (s: Loose) => {
        s.environment = 'prod';
      },
      'environment: must be one of development, sandbox, production',
    ],
    [
      'a group left empty',
      (s: Loose) => {
        s.limits = null;
      },
      'limits: must be a group of settings',
    ],
    [
      'an address that is no network',
      (s: Loose) => {
        s.clients[0].sourceAddresses = ['10.0.0.1'];
      },
      'clients[0].sourceAddresses[0]: must be a network in CIDR form, such as 10.1.2.0/24 or ::1/128',
    ],
    [
      'no source address',
      (s: Loose) => {
        s.clients[0].sourceAddresses = [];
      },
      'clients[0].sourceAddresses: must have at least 1 items',
    ],
    [
      'a short thumbprint',
      (s: Loose) => {
        s.clients[0].certificates = ['abcd'];
      },
      'clients[0].certificates[0]: must be a SHA-256 thumbprint: 64 hexadecimal digits, or pairs with colons',
    ],
    [
      'a thumbprint read as a number',
      (s: Loose) => {
        s.clients[0].certificates = [12];
      },
      'clients[0].certificates[0]: must be a SHA-256 thumbprint, in quotes',
    ],
    [
      'an unknown permission',
      (s: Loose) => {
        s.clients[0].permissions = ['everything'];
      },
      'clients[0].permissions[0]: must be one of identity, evaluation, events, fees, audit, kimlik-no',
    ],
    [
      'identity without an account',
      (s: Loose) => {
        s.clients[0].account = null;
      },
      'clients[0].account: is required for the permission identity',
    ],
    [
      'a day that does not exist',
      (s: Loose) => {
        s.accounts[0].agreement.validFrom = '2024-02-30';
      },
      'accounts[0].agreement.validFrom: must be a date, YYYY-MM-DD',
    ],
    [
      'an agreement that ends before it begins',
      (s: Loose) => {
        s.accounts[0].agreement.validUntil = '2023-01-01';
      },
      'accounts[0].agreement: validFrom must not be after validUntil',
    ],
    [
      'a service that nobody knows',
      (s: Loose) => {
        s.accounts[0].agreement.services = ['AdresServis'];
      },
      'accounts[0].agreement.services[0]: must be one of BilesikKutukSorgulaKimlikNoServis, TumKutukDogrulaServis',
    ],
    [
      'a version of another service',
      (s: Loose) => {
        s.kps.service = { version: '2025/08/01' };
      },
      'kps.service.version: must be a version of BilesikKutukSorgulaKimlikNoServis: 2023/02/01, 2024/04/01',
    ],
    [
      'plain http to the token service',
      (s: Loose) => {
        s.kps.sts.url = 'http://localhost/sts';
      },
      'kps.sts.url: must be an https URL without user name, password or fragment',
    ],
    [
      'mutual TLS without a certificate',
      (s: Loose) => {
        delete s.kps.clientCertificate;
      },
      'kps.clientCertificate: is required where mutualTls is on',
    ],
    [
      'mutual TLS at one endpoint alone without a certificate',
      (s: Loose) => {
        delete s.kps.clientCertificate;
        s.kps.mutualTls = false;
        s.kps.routing.mutualTls = true;
      },
      'kps.clientCertificate: is required where mutualTls is on',
    ],
    [
      'half a client certificate',
      (s: Loose) => {
        delete s.kps.clientCertificate.key;
      },
      'kps.clientCertificate: must have either certificate and key, or pfx and passphrase',
    ],
    [
      'a deadline below token and query together',
      (s: Loose) => {
        s.kps.timeoutMs = 10_000;
      },
      'limits.answerDeadlineMs: must be above kps.timeoutMs + kps.stsTimeoutMs: an intent must not be closed as unknown while its answer may come',
    ],
    [
      'a stop shorter than an answer',
      (s: Loose) => {
        s.listeners.service.drainMs = 1000;
      },
      'listeners.service.drainMs: must not be below limits.answerDeadlineMs: a stop would cut answers off',
    ],
    [
      'one port for two listeners',
      (s: Loose) => {
        s.listeners.ops = { port: 8443 };
      },
      'listeners.ops.port: must differ from listeners.service.port',
    ],
    [
      'the embedded database in production',
      (s: Loose) => {
        s.environment = 'production';
      },
      'database.embedded: serves development and sandbox only; production needs database.url',
    ],
    [
      'two databases',
      (s: Loose) => {
        s.database.url = { env: 'DB' };
      },
      'database: must have exactly one of url, embedded',
    ],
    [
      'a purpose outside the closed list',
      (s: Loose) => {
        s.purposes = [
          { code: 'merak', legalGround: 'x', roles: ['board'], services: ['TumKutukDogrulaServis'] },
        ];
      },
      'purposes[0].code: must be one of ortak-kayit, ortak-guncelleme, yetkili-atama, toplu-aktarim, genel-kurul, resen-kontrol',
    ],
    [
      'ex officio checks by a board',
      (s: Loose) => {
        s.purposes = [
          { code: 'resen-kontrol', legalGround: 'x', roles: ['board'], services: ['TumKutukDogrulaServis'] },
        ];
      },
      'purposes[0].roles: resen-kontrol is only for directorate, ministry-central, ministry-manager',
    ],
    [
      'a fee in fractions',
      (s: Loose) => {
        s.fees = {
          tariff: [{ id: 'a', from: '2026-01-01', amountKurus: 0.5, basis: 'per-query', gazette: 'RG 1' }],
        };
      },
      'fees.tariff[0].amountKurus: must be a whole number',
    ],
    [
      'no fee at all',
      (s: Loose) => {
        s.fees = { tariff: [] };
      },
      'fees.tariff: must have at least 1 items',
    ],
    [
      'a fee that says itself that it is in force: two persons do',
      (s: Loose) => {
        s.fees = {
          tariff: [
            {
              id: 'a',
              from: '2026-01-01',
              amountKurus: 5,
              basis: 'per-query',
              gazette: 'RG 1',
              active: true,
            },
          ],
        };
      },
      expect.stringMatching(/^fees\.tariff\[0\]\.active: unknown setting/),
    ],
    [
      'a fee whose name is no word',
      (s: Loose) => {
        s.fees = {
          tariff: [{ id: 'RG 1', from: '2026-01-01', amountKurus: 5, basis: 'per-query', gazette: 'RG 1' }],
        };
      },
      'fees.tariff[0].id: must be 1 to 40 lower-case letters, digits or hyphens',
    ],
    [
      'a fee for a service that nobody knows',
      (s: Loose) => {
        s.fees = {
          tariff: [
            {
              id: 'a',
              from: '2026-01-01',
              amountKurus: 5,
              basis: 'per-query',
              service: 'X',
              gazette: 'RG 1',
            },
          ],
        };
      },
      expect.stringMatching(/^fees\.tariff\[0\]\.service: must be one of/),
    ],
    [
      'a service that takes nothing',
      (s: Loose) => {
        s.fees = { inputs: [{ service: 'TumKutukDogrulaServis', version: '1', inputs: 0 }] };
      },
      'fees.inputs[0].inputs: must be at least 1',
    ],
  ])('are refused: %s', async (_what, change, problem) => {
    expect(await refused(change, { DB: 'postgres://app:x@localhost/bridge' })).toEqual([problem]);
  });

  it('are refused where two clients share a name or a certificate', async () => {
    expect(
      await refused((s) => {
        s.clients.push(structuredClone(s.clients[0]));
      }),
    ).toEqual([
      'clients[1].id: is also the id of clients[0]',
      'clients[1].certificates[0]: is also a certificate of clients[0]',
    ]);
  });

  it('are refused where a client is called as entries call the console', async () => {
    expect(
      await refused((s) => {
        s.clients[0].id = 'konsol';
      }),
    ).toContain('clients[0].id: is what entries call the console by');
  });

  it('are refused where a certificate is listed twice in two spellings', async () => {
    expect(
      await refused((s) => {
        s.clients[0].certificates = [THUMBPRINT, THUMBPRINT.toUpperCase()];
      }),
    ).toEqual(['clients[0].certificates[1]: is also a certificate of clients[0]']);
  });

  it.each([
    ['the same person in another case', { name: 'BİRİNCİ  KİŞİ', email: 'iki@example.org' }, ['name']],
    ['one mailbox in another case', { name: 'Başka Kişi', email: 'BIRINCI@Example.org' }, ['email']],
    ['one mailbox with a tag', { name: 'Başka Kişi', email: 'birinci+kps@example.org' }, ['email']],
    [
      'one person with one mailbox',
      { name: 'Birinci Kişi', email: 'birinci@example.org' },
      ['email', 'name'],
    ],
  ])('are refused where administrative and technical user are %s', async (_what, technicalUser, fields) => {
    const problems = await refused((s) => {
      s.accounts[0].technicalUser = technicalUser;
    });
    expect(problems.map((line) => line.split(':')[0])).toEqual(
      fields.map((field) => `accounts[0].technicalUser.${field}`),
    );
  });

  it('are refused where a prototype is named as a key', async () => {
    const problems = await problemsOf(
      place.loadText('__proto__: { environment: sandbox }\nconstructor: 1\n'),
    );
    expect(problems.some((line) => line.startsWith('__proto__: unknown setting'))).toBe(true);
    expect(problems.some((line) => line.startsWith('constructor: unknown setting'))).toBe(true);
  });

  it('are refused where migrations would run without the role that may run them', async () => {
    const url = { DB: 'postgres://app:x@localhost/bridge' };
    const withUrl = (more: object) => (s: Loose) => {
      s.database = { url: { env: 'DB' }, ...more };
    };
    expect(await refused(withUrl({}), url)).toEqual([
      'database.ownerUrl: is required where migrations run at the start (migrateOnStart)',
    ]);
    expect((await place.load(withUrl({ migrateOnStart: false }), url)).database.migrateOnStart).toBe(false);
    expect((await place.load(withUrl({ ownerUrl: { env: 'DB' } }), url)).database.migrateOnStart).toBe(true);
  });

  it.each([
    [
      'a batch above the queue',
      (s: Loose) => {
        s.audit.maxQueue = 100;
      },
      'audit.maxBatch: must not be above maxQueue',
    ],
    [
      'headers slower than the request',
      (s: Loose) => {
        s.listeners.service.headersTimeoutMs = 20_000;
      },
      'listeners.service.headersTimeoutMs: must not be above requestTimeoutMs',
    ],
    [
      'an owner beside the embedded database',
      (s: Loose) => {
        s.database.ownerUrl = { env: 'DB' };
      },
      'database.ownerUrl: has no use beside database.embedded',
    ],
    [
      'a purpose written twice',
      (s: Loose) => {
        s.purposes = Array(2)
          .fill({
            code: 'ortak-kayit',
            legalGround: 'm.9(3)',
            roles: ['board'],
            services: ['TumKutukDogrulaServis'],
          })
          .map((p) => structuredClone(p));
      },
      'purposes[1].code: is also the code of purposes[0]',
    ],
    [
      'a connection slower than its answer',
      (s: Loose) => {
        s.kps.connectTimeoutMs = 9000;
      },
      'kps.connectTimeoutMs: must not be above timeoutMs',
    ],
    [
      'a password in a proxy URL',
      (s: Loose) => {
        s.kps.proxy = 'http://u:hunter2@proxy:3128';
      },
      'kps.proxy: must be an http or https URL without user name, password or fragment',
    ],
    [
      'a machine address that is none',
      (s: Loose) => {
        s.accounts[0].staticIp = '127.0.0.300';
      },
      'accounts[0].staticIp: must be an IP address',
    ],
    [
      'two fees of one name',
      (s: Loose) => {
        s.fees = {
          tariff: [1, 2].map((month) => ({
            id: 'rg-1',
            from: `2026-0${month}-01`,
            amountKurus: 5,
            basis: 'per-query',
            gazette: 'RG 1',
          })),
        };
      },
      'fees.tariff: must not have two rows of one id',
    ],
    [
      'a version of a service that takes two numbers of data',
      (s: Loose) => {
        s.fees = {
          inputs: [2, 3].map((inputs) => ({ service: 'TumKutukDogrulaServis', version: '1', inputs })),
        };
      },
      'fees.inputs: must not name a version of a service twice',
    ],
  ])('are refused: %s', async (_what, change, problem) => {
    expect(await refused(change, { DB: 'postgres://app:x@localhost/bridge' })).toEqual([problem]);
  });

  it('warn where metrics are served beyond this machine', async () => {
    const config = await place.load((settings) => {
      settings.listeners.ops = { host: '0.0.0.0' };
    });
    expect(config.warnings).toEqual([
      'listeners.ops.host: metrics are served without a password beyond this machine',
    ]);
  });

  it('accept the client certificate as PKCS#12 as well as PEM', async () => {
    place.write('kps.p12', Buffer.from([1, 2, 3]));
    const config = await place.load((s) => {
      s.kps.clientCertificate = { pfx: 'kps.p12', passphrase: { env: 'KPS_PASSWORD' } };
    });
    expect(config.kps.clientCertificate).toMatchObject({ pfx: join(place.folder, 'kps.p12') });
  });

  it('are cut after a hundred lines', async () => {
    const many = Array.from({ length: 150 }, (_, index) => `key${index}: 1`).join('\n');
    const problems = await problemsOf(place.loadText(many));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatch(/^… and \d+ more$/);
  });
});

describe('the settings file', () => {
  it.each([
    ['a key written twice', 'environment: sandbox\nenvironment: production\n', 'DUPLICATE_KEY'],
    ['an alias', 'a: &x [1]\nb: *x\n', 'ALIAS_NOT_ALLOWED'],
    ['an anchor', 'environment: &x sandbox\n', 'ANCHOR_NOT_ALLOWED'],
    ['a tag', 'environment: !!js/function "x"\n', 'TAG'],
    ['two documents', 'environment: sandbox\n---\nenvironment: production\n', 'MULTIPLE_DOCS'],
    ['a broken line', `password: "${PASSWORD}\n`, 'line'],
    ['a key that is a list', '? [a, b]\n: 1\n', 'NON_STRING_KEY'],
  ])('is refused with %s, and no line of it is repeated', async (_what, text, code) => {
    const problems = await problemsOf(place.loadText(text));
    expect(problems.join('\n')).toContain(code);
    expect(problems.join('\n')).not.toContain(PASSWORD);
  });

  it('with a bomb of aliases is refused before it grows', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array(10).fill(`*l${level}`).join(', ')}]`,
    );
    const problems = await problemsOf(place.loadText(['l0: &l0 [x]', ...levels].join('\n')));
    expect(problems.join('\n')).toContain('ALIAS_NOT_ALLOWED');
  });

  it('is refused where it is no mapping', async () => {
    expect((await problemsOf(place.loadText('- 1\n')))[0]).toContain('must be a mapping of settings');
  });

  it('is refused where it is missing or larger than a mebibyte', async () => {
    expect((await problemsOf(loadConfig({ path: join(place.folder, 'no.yaml'), env: {} })))[0]).toContain(
      'cannot be read (ENOENT)',
    );
    writeFileSync(join(place.folder, 'large.yaml'), `# ${'x'.repeat(1_048_576)}\n`);
    expect((await problemsOf(loadConfig({ path: join(place.folder, 'large.yaml'), env: {} })))[0]).toContain(
      'larger than 1 MiB',
    );
  });
});
