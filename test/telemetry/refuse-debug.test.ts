import { describe, expect, it } from '@jest/globals';
import { refuseDebugSwitches, type StartSurroundings } from '../../src/telemetry/refuse-debug.js';

const start = (surroundings: Partial<StartSurroundings>) => () =>
  refuseDebugSwitches({ environment: 'production', env: {}, execArgv: [], ...surroundings });

function refusal(surroundings: Partial<StartSurroundings>): {
  code?: string;
  message?: string;
  switches?: string;
} {
  try {
    start(surroundings)();
    return {};
  } catch (error) {
    const { code, message, fields } = error as {
      code: string;
      message: string;
      fields: { switches: string };
    };
    return { code, message, switches: fields.switches };
  }
}

describe('a start outside development', () => {
  it.each([
    ['DEBUG', { DEBUG: 'express*' }],
    ['DEBUG', { DEBUG: 'oidc-provider:*' }],
    ['DEBUG', { DEBUG: 'koa' }],
    ['DEBUG', { DEBUG: 'node-soap' }],
    ['DEBUG', { DEBUG: '*' }],
    ['DEBUG', { DEBUG: 'node-soap*' }],
    ['DEBUG', { DEBUG: 'node*' }],
    ['DEBUG', { DEBUG: 'express, node-soap' }],
    ['DEBUG', { DEBUG: '*,-node-soap' }],
    ['DEBUG', { DEBUG: 'NODE-SOAP' }],
    ['NODE_DEBUG', { NODE_DEBUG: 'tls' }],
    ['NODE_DEBUG_NATIVE', { NODE_DEBUG_NATIVE: 'http2' }],
    ['--inspect', { NODE_OPTIONS: '--max-old-space-size=100 --inspect=0.0.0.0:9229' }],
    ['--inspect', { NODE_OPTIONS: '"--inspect-brk"' }],
    ['--tls-keylog', { NODE_OPTIONS: '--tls-keylog=/tmp/keys' }],
    ['--tls-keylog', { NODE_OPTIONS: '--tls_keylog=/tmp/keys' }],
  ])('is refused with %s in the environment: %j', (name, env) => {
    for (const environment of ['production', 'sandbox'] as const) {
      expect(refusal({ environment, env })).toMatchObject({ code: 'START_REFUSED', switches: name });
      expect(refusal({ environment, env }).message).not.toContain('/tmp/keys');
    }
  });

  it.each([
    '--inspect',
    '--inspect-brk=9229',
    '--inspect_wait',
    '--tls-keylog=/tmp/keys',
    '--trace-tls',
    '--report-on-signal',
    '--heapsnapshot-signal=SIGUSR2',
  ])('is refused with the option %s', (option) => {
    expect(refusal({ execArgv: ['--enable-source-maps', option] }).code).toBe('START_REFUSED');
  });

  it('names everything that must go at once', () => {
    const { switches } = refusal({
      env: { DEBUG: '*', NODE_DEBUG: 'http', NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      execArgv: ['--inspect'],
    });
    expect(switches?.split(' ').sort()).toEqual([
      '--inspect',
      'DEBUG',
      'NODE_DEBUG',
      'NODE_TLS_REJECT_UNAUTHORIZED',
    ]);
  });

  it.each([
    { DEBUG: '' },
    { DEBUG: 'graphile*' },
    { DEBUG: '-node-soap' },
    { NODE_DEBUG: '' },
    { NODE_OPTIONS: '--max-old-space-size=4096' },
    { NODE_TLS_REJECT_UNAUTHORIZED: '1' },
    { PATH: '--inspect' },
  ])('goes on with %j', (env) => {
    expect(start({ env })).not.toThrow();
  });
});

describe('a start in development', () => {
  it('goes on with debuggers and debug output', () => {
    expect(
      start({
        environment: 'development',
        env: { DEBUG: '*', NODE_DEBUG: 'tls' },
        execArgv: ['--inspect', '--tls-keylog=x'],
      }),
    ).not.toThrow();
  });

  it.each(['development', 'sandbox', 'production'] as const)(
    'or any other is refused where TLS would not be verified: %s',
    (environment) => {
      expect(refusal({ environment, env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } })).toMatchObject({
        code: 'START_REFUSED',
        switches: 'NODE_TLS_REJECT_UNAUTHORIZED',
      });
    },
  );
});
