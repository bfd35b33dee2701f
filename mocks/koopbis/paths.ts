/** Paths of the demo application; the registration of its client names them (CONTRACT §5). */
export const KOOPBIS_PATHS = {
  home: '/',
  /** Starts a sign-in; also `initiate_login_uri` (OpenID Connect Core §4). */
  start: '/giris',
  callback: '/donus',
  stepUp: '/yukselt',
  signOut: '/cikis',
  backChannelLogout: '/oturum-sonu',
  member: '/ortak',
  /** Where codes of `sandbox:token` are sent; nobody takes them there. */
  command: '/belirtec',
  stylesheet: '/koopbis.css',
} as const;
