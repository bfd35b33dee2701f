import type { Checked, TypedMember } from './check-member.js';
import type { Choice } from './cooperatives.js';
import { type Html, html } from './html.js';
import { page } from './layout.js';
import type { Member } from './members.js';
import { KOOPBIS_PATHS } from './paths.js';

/** What the member form shows. */
export interface MemberView {
  readonly csrf: string;
  /** Of this form: a second press of the button asks nothing a second time. */
  readonly key: string;
  readonly choices: readonly Choice[];
  readonly typed: TypedMember | null;
  /** What was told instead of saving; null where nothing was asked yet. */
  readonly told: Checked | null;
  readonly flash: string | null;
  readonly members: readonly Member[];
}

/** The member form of m.9(3), with what became of the last one and who was saved. */
export function memberPage(view: MemberView): string {
  const title = view.told === null ? 'Ortak kaydı' : 'Ortak kaydedilmedi';
  return page(
    'koopbis-member',
    title,
    html`${view.flash === null ? null : html`<div class="told" role="status" data-outcome="match"><p>${view.flash}</p></div>`}
${view.told === null ? null : told(view.told)}
<p>Gerçek kişi ortağın kimlik numarası, adı, soyadı ve doğum tarihi MERNİS kaydıyla birebir aynı olmalıdır (Yönetmelik m.9/3). Aynı değilse hiçbir şey kaydedilmez.</p>
<p lang="en">Number, names and birth date must equal the civil register exactly; otherwise nothing is saved.</p>
${form(view)}
${saved(view.members)}`,
  );
}

function told(one: NonNullable<MemberView['told']>): Html {
  const [name, receipt] =
    one.kind === 'answered'
      ? [one.outcome, html`<p>Makbuz <span lang="en">(receipt)</span>: ${one.receipt.leafIndex}</p>`]
      : [one.code, null];
  const again = one.kind === 'refused' && one.code === 'TOKEN_INVALID';
  return html`<div class="told bad" role="alert" data-outcome="${name}">
<p>${one.text.tr}</p>
<p lang="en">${one.text.en}</p>
${receipt}
${again ? html`<p><a href="${KOOPBIS_PATHS.start}">Yeniden giriş yapın <span lang="en">(sign in again)</span></a></p>` : null}
</div>`;
}

function form({ csrf, key, choices, typed }: MemberView): Html {
  const chosen = typed?.cooperative ?? choices[0]?.mersisNo ?? '';
  const listed = choices.some(({ mersisNo }) => mersisNo === chosen);
  return html`<form method="post" action="${KOOPBIS_PATHS.member}" autocomplete="off">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="anahtar" value="${key}">
${
  choices.length === 0
    ? null
    : html`<div class="field"><label for="kooperatif">Kooperatif <span lang="en">(cooperative)</span></label>
<select id="kooperatif" name="kooperatif">${choices.map(
        ({ mersisNo, unvan }) =>
          html`<option value="${mersisNo}"${mersisNo === chosen ? html` selected` : null}>${unvan} (${mersisNo})</option>`,
      )}</select></div>`
}
${field('mersisNo', 'MERSİS no', 'MERSİS number', {
  value: listed ? '' : chosen,
  hint: choices.length === 0 ? '16 hane' : 'Listede olmayan bir kooperatif için; 16 hane',
  required: choices.length === 0,
  numeric: true,
})}
${field('kimlikNo', 'Kimlik no', 'identity number', { value: typed?.kimlikNo ?? '', hint: '11 hane', required: true, numeric: true })}
${field('ad', 'Ad', 'given name', { value: typed?.ad ?? '', hint: 'Nüfus kaydındaki gibi, bütün adlar', required: true })}
${field('soyad', 'Soyad', 'family name', { value: typed?.soyad ?? '', hint: 'Soyadı kaydı olmayan kişi için boş bırakın' })}
${field('dogumTarihi', 'Doğum tarihi', 'birth date', {
  value: typed?.dogumTarihi ?? '',
  hint: 'GG.AA.YYYY; bilinmeyen gün ve ay için 00',
  required: true,
})}
<button type="submit">Doğrula ve kaydet <span lang="en">(check and save)</span></button>
</form>`;
}

function field(
  name: string,
  tr: string,
  en: string,
  more: {
    readonly value: string;
    readonly hint: string;
    readonly required?: boolean;
    readonly numeric?: boolean;
  },
): Html {
  return html`<div class="field"><label for="${name}">${tr} <span lang="en">(${en})</span></label>
<span class="hint" id="${name}-ipucu">${more.hint}</span>
<input id="${name}" name="${name}" type="text" value="${more.value}" maxlength="100" aria-describedby="${name}-ipucu" autocomplete="off"${
    more.numeric === true ? html` inputmode="numeric"` : null
  }${more.required === true ? html` required` : null}></div>`;
}

function saved(members: readonly Member[]): Html | null {
  if (members.length === 0) return null;
  return html`<h2 id="kayitli">Kaydedilen ortaklar <span lang="en">(saved members)</span></h2>
<div class="wide" role="region" aria-labelledby="kayitli" tabindex="0"><table>
<thead><tr><th scope="col">Ad soyad</th><th scope="col">Kimlik no</th><th scope="col">Kooperatif</th><th scope="col">Makbuz</th></tr></thead>
<tbody>${members.map(
    (one) =>
      html`<tr><td>${`${one.ad} ${one.soyad}`.trim()}</td><td>${one.maskedNo}</td><td>${one.cooperative}</td><td>${one.leafIndex}</td></tr>`,
  )}</tbody>
</table></div>`;
}
