import type { StaffRole } from '../../authority/facts.js';
import type { BothLanguages } from '../../pages/views.js';
import { standingTexts } from '../../sign-in/web/standing-texts.js';
import type { Audience } from '../access-row.js';

/** A role with what it is bound to, in words. */
export function roleText(
  role: Pick<StaffRole, 'role'> & Partial<Pick<StaffRole, 'ministry' | 'il' | 'mersisNo'>>,
): BothLanguages {
  const { il = null, mersisNo = null, ministry = null } = role;
  const [standing] = standingTexts({ seats: [], roles: [{ role: role.role, il, ministry, mersisNo }] });
  return standing?.text ?? { tr: role.role, en: role.role };
}

/** Who may open a page, in words. */
export function audienceText(audience: Audience): BothLanguages {
  if (audience === 'anyone') return { tr: 'Herkes', en: 'Anyone' };
  if (audience === 'signed-in') return { tr: 'Giriş yapan herkes', en: 'Whoever is signed in' };
  const names = audience.map((role) => roleText({ role }));
  return { tr: names.map(({ tr }) => tr).join(', '), en: names.map(({ en }) => en).join(', ') };
}
