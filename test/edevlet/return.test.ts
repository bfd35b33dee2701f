import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CANCEL_WORDS, readReturn } from '../../src/edevlet/return.js';
import { isBridgeError } from '../../src/errors/bridge-error.js';

const STATE = 'a-state-of-thirty-two-characters-or-more';
const withState = (parameters: Record<string, string>) =>
  `?${new URLSearchParams({ ...parameters, state: STATE })}`;

function ending(search: string): unknown {
  try {
    readReturn(search, STATE);
  } catch (error) {
    if (isBridgeError(error)) return { code: error.code, ...error.fields };
    throw error;
  }
  return 'it was taken';
}
const invalid = (reason: string) => ({ code: 'UPSTREAM_ANSWER_INVALID', reason });

describe('the return from the upstream', () => {
  it('gives the code that came with the kept state', () => {
    expect(readReturn(withState({ code: 'a+/=~!"', iss: 'https://issuer.example' }), STATE)).toEqual({
      code: 'a+/=~!"',
      iss: 'https://issuer.example',
    });
    expect(readReturn(withState({ code: 'x'.repeat(2048), error: '' }), STATE).iss).toBeNull();
  });

  it.each([...CANCEL_WORDS, 'ACCESS_DENIED'])('takes %s for going back, with or without state', (error) => {
    expect(ending(withState({ error, error_description: 'Vazgeçti' }))).toEqual({
      code: 'UPSTREAM_CANCELLED',
    });
    expect(ending(`?error=${error}`)).toEqual({ code: 'UPSTREAM_CANCELLED' });
  });

  it.each([
    ['invalid_scope', 'invalid_scope'],
    ['access_denied_not', 'access_denied_not'],
    ['server_error', 'server_error'],
    ['EDV09.007', 'EDV09.007'],
    ['<script>alert(1)</script>', 'scriptalert1script'],
    ['ı'.repeat(300), 'none'],
    ['x'.repeat(300), 'x'.repeat(40)],
    ['no 10000000146 here', 'hidden'],
  ])('takes any other error for a refusal, its code cut and plain: %s', (error, upstreamCode) => {
    expect(ending(withState({ error }))).toEqual({ code: 'UPSTREAM_REFUSED', upstreamCode });
    expect(ending(`?${new URLSearchParams({ error })}`)).toEqual({ code: 'UPSTREAM_REFUSED', upstreamCode });
  });

  it.each([
    ['nothing at all', ''],
    ['neither code nor error', withState({})],
    ['an empty code', withState({ code: '' })],
    ['an empty error', withState({ error: '' })],
    ['both of them', withState({ code: 'c', error: 'access_denied' })],
    ['a code of 2049 characters', withState({ code: 'x'.repeat(2049) })],
    ['a code with a blank', withState({ code: 'a b' })],
    ['a code with a line break', withState({ code: 'a\r\nb' })],
    ['a code with a zero', withState({ code: 'a\0' })],
    ['a code with a letter of no code', withState({ code: 'ş' })],
    ['a code in bytes that are not UTF-8', `${withState({})}&code=%ff`],
    ['two codes', `${withState({ code: 'a' })}&code=b`],
    ['the same code twice', `${withState({ code: 'a' })}&code=a`],
    ['two states', `${withState({ code: 'a' })}&state=${STATE}`],
    ['two errors', '?error=access_denied&error=access_denied'],
    ['another parameter twice', `${withState({ code: 'a' })}&x=1&x=2`],
    ['an empty and a full one', `${withState({ code: 'a' })}&code=`],
    [
      'more parameters than anybody needs',
      withState(Object.fromEntries([...Array(25).keys()].map((n) => [`p${n}`, '1']))),
    ],
  ])('refuses %s', (_what, search) => {
    expect(ending(search)).toEqual(invalid('parameters'));
  });

  it('refuses another state, and a code without one', () => {
    expect(ending('?code=a')).toEqual(invalid('state'));
    expect(ending('?code=a&state=')).toEqual(invalid('state'));
    expect(ending(`?code=a&state=${STATE}x`)).toEqual(invalid('state'));
    expect(ending('?error=access_denied&state=other')).toEqual(invalid('state'));
  });

  it('refuses a query that no return has the length of, before it looks at it', () => {
    expect(ending(`${withState({ code: 'a' })}&x=${'x'.repeat(8192)}`)).toEqual(invalid('too-large'));
  });

  it('never throws anything but its own errors', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webQueryParameters()), (text) => {
        expect(ending(`?${text}`)).not.toBe('it was taken');
      }),
      { numRuns: 1000 },
    );
  });
});
