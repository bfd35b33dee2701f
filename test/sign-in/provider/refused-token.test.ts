import { describe, expect, it } from '@jest/globals';
import { errors as joseErrors } from 'jose';
import { errors } from 'oidc-provider';
import { reasonOf } from '../../../src/sign-in/provider/refused-token.js';

const { InvalidClientAuth, InvalidGrant, InvalidRequest, InvalidToken } = errors;
const caused = (text: string) => new InvalidGrant({ cause: new Error(text) } as never);

// Each as oidc-provider throws it: its class and its text.
const CASES: readonly (readonly [reason: string, error: Error])[] = [
  [
    'certificate-of-other-client',
    new InvalidClientAuth('certificate subject value does not match the registered one'),
  ],
  ['certificate-missing', new InvalidClientAuth('client certificate was not provided')],
  ['certificate-missing', new InvalidClientAuth('client certificate was not verified')],
  ['certificate-missing', new InvalidGrant('mutual TLS client certificate not provided')],
  ['certificate-of-other-client', new InvalidToken('failed x5t#S256 verification')],
  ['issued-to-other-client', new InvalidGrant('client mismatch')],
  ['used-before', new InvalidGrant('authorization code already consumed')],
  ['used-before', new InvalidGrant('grant source already consumed')],
  ['used-before', new InvalidGrant('refresh token already used')],
  ['expired', new InvalidGrant('authorization code is expired')],
  ['expired', new InvalidGrant('refresh token is expired')],
  ['redirect-uri-mismatch', new InvalidGrant('authorization code redirect_uri mismatch')],
  ['pkce-failed', caused('code_verifier does not match code_challenge')],
  ['pkce-failed', caused('code_verifier must be provided')],
  ['pkce-failed', caused('unsupported code_challenge_method')],
  [
    'pkce-failed',
    new InvalidRequest('code_verifier must be a string with a minimum length of 43 characters'),
  ],
  ['session-ended', new InvalidGrant('refresh token invalid (referenced account not found)')],
  ['session-ended', new InvalidToken('associated account not found')],
  ['session-ended', new InvalidGrant('grant not found')],
  ['unknown', new InvalidGrant('authorization code not found')],
  ['unknown', new InvalidGrant('refresh token not found')],
  ['unknown', new InvalidToken('access token not found')],
  ['unknown', new InvalidClientAuth('client not found')],
  ['assertion-replayed', new InvalidClientAuth('client assertion tokens must only be used once')],
  ['authentication-method', new InvalidRequest('no client authentication mechanism provided')],
  [
    'authentication-method',
    new InvalidRequest('client authentication must only be provided using one mechanism'),
  ],
  [
    'authentication-method',
    new InvalidClientAuth(
      'the provided authentication mechanism does not match the registered client authentication method',
    ),
  ],
  ['assertion-invalid', new InvalidClientAuth('iss (JWT issuer) must be the client_id')],
  [
    'assertion-invalid',
    new InvalidClientAuth(
      'audience (aud) must equal the endpoint url, issuer identifier or token endpoint url',
    ),
  ],
  [
    'assertion-invalid',
    new InvalidClientAuth({ cause: new Error('signature verification failed') } as never),
  ],
  ['assertion-invalid', new InvalidClientAuth({ cause: new Error('jwt expired') } as never)],
  ['assertion-invalid', new InvalidClientAuth('alg mismatch')],
  ['assertion-invalid', new InvalidClientAuth({ cause: new joseErrors.JWKSNoMatchingKey() } as never)],
];

describe('why an application got no token', () => {
  it.each(CASES)('is %s', (reason, error) => {
    expect(reasonOf(error)).toBe(reason);
  });

  it('is other for what has no word yet, and never a text that came from outside', () => {
    for (const error of [
      new InvalidGrant('something new 12345678901'),
      new InvalidRequest('requested grant type is not allowed for this client'),
      new Error('authorization code not found'),
      new InvalidClientAuth(undefined as never),
      'text',
      undefined,
      null,
      { error_description: 'client mismatch' },
    ])
      expect(reasonOf(error)).toBe('other');
  });
});
