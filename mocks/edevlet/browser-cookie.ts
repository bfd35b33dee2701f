/** Host-only and Secure; sent with the navigation that a relying party starts, hence Lax. */
const NAME = '__Host-edevlet';
const VALUE = /^[A-Za-z0-9_-]{43}$/;
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/** The browser's mark; undefined where there is none, two, or one that is none of ours. */
export function browserOf(cookie: string | undefined): string | undefined {
  const values = (cookie ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([name]) => name === NAME)
    .map(([, value = '']) => value);
  const [value] = values;
  return values.length === 1 && value !== undefined && VALUE.test(value) ? value : undefined;
}

export function setBrowser(browser: string): Readonly<Record<string, string>> {
  return { 'Set-Cookie': `${NAME}=${browser}; ${ATTRIBUTES}` };
}

export function forgetBrowser(): Readonly<Record<string, string>> {
  return { 'Set-Cookie': `${NAME}=; Max-Age=0; ${ATTRIBUTES}` };
}
