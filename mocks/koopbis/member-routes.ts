import { createHmac, randomUUID } from 'node:crypto';
import type { Express, Request, Response } from 'express';
import { type Checked, checkMember, type TypedMember } from './check-member.js';
import { memberPage } from './member-page.js';
import { Members } from './members.js';
import { KOOPBIS_PATHS } from './paths.js';
import type { Tokens } from './provider.js';
import type { Session } from './sessions.js';
import { fieldOf, type Shared } from './shared.js';

/** A token that ends while a check is under way would have to be asked for again. */
const RENEW_BEFORE_MS = 45_000;
/** Longer than any name that a register holds. */
const MAX_FIELD = 100;
const TOKEN_OVER: Checked = {
  kind: 'refused',
  code: 'TOKEN_INVALID',
  text: {
    tr: 'Oturumunuz sona erdi; hiçbir şey kaydedilmedi.',
    en: 'Your session has ended; nothing was saved.',
  },
};

/** The member form of m.9(3): who is not found exactly in MERNİS is not saved. */
export function addMemberRoutes(app: Express, shared: Shared): void {
  const members = new Members();
  const show = async (
    response: Response,
    session: Session,
    typed: TypedMember | null,
    told: Checked | null,
  ) => {
    const choices = await shared.choices(session.person.kimlikNo);
    const { csrf, flash } = session;
    session.flash = null;
    const seen = members.of(new Set(choices.map(({ mersisNo }) => mersisNo)));
    const view = { csrf, key: randomUUID(), choices, typed, told, flash, members: seen };
    response.status(told === null ? 200 : 422).send(memberPage(view));
  };

  app.get(KOOPBIS_PATHS.member, async (request, response) => {
    const session = shared.current(request);
    if (session === undefined) return response.redirect(303, KOOPBIS_PATHS.home);
    await show(response, session, null, null);
  });

  app.post(KOOPBIS_PATHS.member, async (request, response) => {
    const session = shared.fromForm(request, response);
    if (session === undefined) return;
    const member = typedOf(request);
    const checked = await check(shared, session, request, member);
    if (checked.kind === 'answered' && checked.outcome === 'match') {
      members.save({ ...member, leafIndex: checked.receipt.leafIndex });
      session.flash = `Ortak kaydedildi. Makbuz (receipt): ${checked.receipt.leafIndex}`;
      return response.redirect(303, KOOPBIS_PATHS.member);
    }
    await show(response, session, member, checked);
  });
}

async function check(
  shared: Shared,
  session: Session,
  request: Request,
  member: TypedMember,
): Promise<Checked> {
  const tokens = await freshTokens(shared, session);
  if (tokens === null) return TOKEN_OVER;
  const userAddress = request.socket.remoteAddress?.replace(/^::ffff:/, '');
  // The same form sent twice is one question; gone back to and corrected, it is another.
  const key = createHmac('sha256', fieldOf(request, 'anahtar') || randomUUID())
    .update(JSON.stringify(member))
    .digest('hex');
  const call = { token: tokens.access, key, userAddress, member };
  return checkMember(shared.fetch, shared.settings.api, call);
}

/** The session's tokens, renewed where they are about to end; null where they cannot be any more. */
async function freshTokens(
  { provider, now }: Pick<Shared, 'provider' | 'now'>,
  session: Session,
): Promise<Tokens | null> {
  if (session.tokens.expiresAt - now() > RENEW_BEFORE_MS) return session.tokens;
  const renewed = await provider.refresh(session.tokens).catch(() => null);
  if (renewed !== null) session.tokens = renewed;
  return session.tokens.expiresAt > now() ? session.tokens : null;
}

function typedOf(request: Request): TypedMember {
  const text = (name: string) => fieldOf(request, name).trim().slice(0, MAX_FIELD);
  return {
    cooperative: text('mersisNo') || text('kooperatif'),
    kimlikNo: text('kimlikNo'),
    ad: text('ad'),
    soyad: text('soyad'),
    dogumTarihi: text('dogumTarihi'),
  };
}
