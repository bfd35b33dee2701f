import { momentText } from '../../pages/formatting.js';
import { ACR_STEP_UP } from '../../sign-in/access-tokens.js';
import type { ListedSession } from '../../sign-in/list-sessions.js';
import { CONSOLE_RETURN_PATH } from '../../sign-in/provider/clients.js';
import { signInUrl } from '../../sign-in/web/sign-in-url.js';
import type { Answer, ConsoleCall } from '../frame/call.js';
import { ConsoleRefusal } from '../frame/console-problem.js';
import type { Cell, Part } from '../frame/parts.js';
import type { OwnPagePorts } from './port.js';

const PATH = '/konsol/oturumlarim';
/** Nobody has as many browsers; the rest is cut, newest first. */
const MAX_SHOWN = 50;

/** `GET /konsol/oturumlarim`: the person's own sessions and second step. */
export async function showSessions({ person }: ConsoleCall, ports: OwnPagePorts): Promise<Answer> {
  const { session } = person;
  const [sessions, device] = await Promise.all([ports.sessions(session), ports.stepUpState(session.tag)]);
  const shown = sessions.slice(0, MAX_SHOWN);
  const more = sessions.length - shown.length;
  return {
    kind: 'page',
    page: {
      title: { tr: 'Oturumlarım ve ikinci adım', en: 'My sessions and second step' },
      help: {
        tr: 'Açık olan oturumlarınızı görür ve tanımadıklarınızı kapatırsınız. Bazı işlemler ikinci adımın az önce doğrulanmış olmasını ister; onu buradan da doğrulayabilirsiniz.',
        en: 'You see your open sessions and end those that you do not know. Some actions need a fresh second step, which you can give here too.',
      },
      parts: [
        { part: 'heading', text: { tr: 'Açık oturumlarım', en: 'My open sessions' } },
        {
          part: 'table',
          caption: { tr: 'Açık oturumlarım, en yenisi başta', en: 'My open sessions, newest first' },
          columns: [
            { label: { tr: 'Açıldığı an', en: 'Opened' } },
            { label: { tr: 'Kullanılmazsa biter', en: 'Ends if unused' } },
            { label: { tr: 'Her hâlde biter', en: 'Ends in any case' } },
            { label: { tr: 'Uygulamalar', en: 'Applications' } },
            { label: { tr: 'İşlem', en: 'Action' } },
          ],
          rows: shown.map((one) => rowOf(one, session.sessionId, ports)),
          empty: { tr: 'Açık oturum yok.', en: 'There is no open session.' },
        },
        ...(more === 0 ? [] : [moreText(more)]),
        { part: 'heading', text: { tr: 'İkinci adım', en: 'Second step' }, id: 'ikinci-adim' },
        ...stepUpParts(person, device, ports),
      ],
    },
  };
}

function moreText(more: number): Part {
  const text = { tr: `${more} eski oturum daha var.`, en: `There are ${more} older ones.` };
  return { part: 'text', quiet: true, text };
}

function rowOf(one: ListedSession, current: string, ports: OwnPagePorts): readonly Cell[] {
  const isCurrent = one.sessionId === current;
  const opened = momentText(one.openedAt);
  return [
    isCurrent ? { lines: [opened, { mark: 'good', text: { tr: 'bu oturum', en: 'this session' } }] } : opened,
    momentText(one.idleUntil),
    momentText(one.expiresAt),
    one.clients.length === 0
      ? { tr: 'yalnız bu sayfalar', en: 'these pages alone' }
      : { lines: one.clients.map((id) => ports.applicationName(id)) },
    {
      button: {
        action: `${PATH}/kapat`,
        text: isCurrent ? { tr: 'Çıkış yap', en: 'Sign out' } : { tr: 'Kapat', en: 'End' },
        about: opened,
        hidden: { oturum: one.sessionId },
      },
    },
  ];
}

function stepUpParts(
  { session, steppedUp }: ConsoleCall['person'],
  device: Awaited<ReturnType<OwnPagePorts['stepUpState']>>,
  { issuer }: OwnPagePorts,
): readonly Part[] {
  const enrol = '/hesabim/ikinci-adim';
  if (device.enrolledAt === null)
    return [
      {
        part: 'notice',
        tone: 'warning',
        text: {
          tr: 'İkinci adımınız kurulu değil. Kurmadan ikinci adım isteyen işlemleri yapamazsınız.',
          en: 'You have no second step. Without it you cannot do what needs one.',
        },
        link: { href: enrol, text: { tr: 'İkinci adımı kur', en: 'Set up the second step' } },
      },
    ];
  const now = signInUrl(issuer, CONSOLE_RETURN_PATH, { acr_values: ACR_STEP_UP, state: PATH });
  const until = session.stepUpUntil;
  return [
    {
      part: 'facts',
      rows: [
        { label: { tr: 'Kurulduğu an', en: 'Set up' }, value: momentText(device.enrolledAt) },
        {
          label: { tr: 'Kalan kurtarma kodu', en: 'Recovery codes left' },
          value: String(device.recoveryCodesLeft),
        },
        {
          label: { tr: 'Bu oturumda', en: 'In this session' },
          value:
            steppedUp && until !== null
              ? {
                  lines: [
                    {
                      mark: 'good',
                      text: { tr: 'doğrulandı, şu ana dek geçerli:', en: 'given, good until' },
                    },
                    momentText(until),
                  ],
                }
              : {
                  mark: 'calm',
                  text: { tr: 'doğrulanmadı ya da süresi geçti', en: 'not given, or no longer good' },
                },
        },
        ...(device.lockedUntil === null
          ? []
          : [{ label: { tr: 'Kilitli', en: 'Locked until' }, value: momentText(device.lockedUntil) }]),
      ],
    },
    {
      part: 'links',
      label: { tr: 'İkinci adım', en: 'Second step' },
      links: [
        {
          href: now,
          text: { tr: 'İkinci adımı şimdi doğrula', en: 'Give the second step now' },
          kind: 'main',
        },
        { href: enrol, text: { tr: 'İkinci adımı yenile', en: 'Set it up anew' }, kind: 'second' },
      ],
    },
  ];
}

/** `POST /konsol/oturumlarim/kapat`: ends one of the person's own sessions, this one included. Somebody else's is as unknown as none. */
export async function endSession({ fields, person }: ConsoleCall, ports: OwnPagePorts): Promise<Answer> {
  const wanted = fields.get('oturum');
  const own = await ports.sessions(person.session);
  if (!own.some(({ sessionId }) => sessionId === wanted)) throw new ConsoleRefusal('NOT_FOUND', 'session');
  await ports.endOwn(person.session, wanted);
  // Not on to a page that would open the next session at once: at e-Devlet the person is still signed in.
  if (wanted === person.session.sessionId)
    return { kind: 'see-other', to: CONSOLE_RETURN_PATH, told: 'ended' };
  return { kind: 'see-other', to: PATH, told: 'ended' };
}
