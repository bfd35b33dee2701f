/** Why an application was refused, as `token.refused` and the operator's log say it. Closed; texts are those of `oidc-provider`. */
const REASONS: readonly (readonly [text: RegExp, reason: string])[] = [
  [/^certificate subject value/, 'certificate-of-other-client'],
  [/^client certificate was not|^mutual TLS client certificate/, 'certificate-missing'],
  [/x5t#S256/, 'certificate-of-other-client'],
  [/^client mismatch/, 'issued-to-other-client'],
  [/already (consumed|used)$/, 'used-before'],
  [/is expired$/, 'expired'],
  [/redirect_uri/, 'redirect-uri-mismatch'],
  [/code_verifier|code_challenge/, 'pkce-failed'],
  [/scope/, 'scope'],
  [/response_type|response_mode/, 'response-type'],
  [/account not found|^grant not found/, 'session-ended'],
  [/ not found$/, 'unknown'],
  [/only be used once$/, 'assertion-replayed'],
  [/authentication mechanism|using one mechanism$/, 'authentication-method'],
  [/JWT|^jwt |signature|audience|^alg mismatch$|applicable key/, 'assertion-invalid'],
];

/** An error of `oidc-provider` as a closed word; `other` where it has no row. Never a text that came from outside. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'other';
  const { error_detail: detail, error_description: description } = error as {
    error_detail?: unknown;
    error_description?: unknown;
  };
  const texts = [detail, description].filter((text) => typeof text === 'string');
  for (const [pattern, reason] of REASONS) if (texts.some((text) => pattern.test(text))) return reason;
  return 'other';
}
