import { istanbulDay } from '../../calendar/istanbul-day.js';
import type { KvkkAnswer, StaffNames } from './answer.js';

/** `2026-11-22` → `22.11.2026`. */
function dayWord(day: string): string {
  return day.split('-').reverse().join('.');
}

const TIME = new Intl.DateTimeFormat('tr-TR', {
  timeZone: 'Europe/Istanbul',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** `22.11.2026 14:05:09`, Europe/Istanbul. */
export function momentWord(at: Date): string {
  return `${dayWord(istanbulDay(at))} ${TIME.format(at)}`;
}

const COUNT = new Intl.NumberFormat('tr-TR');

/** `12.345`. */
export function countWord(count: number | bigint): string {
  return COUNT.format(count);
}

/** What stands above the table: name and value. */
export function answerFacts(answer: KvkkAnswer): readonly (readonly [name: string, value: string])[] {
  const { dueBy, found, madeAt, receivedOn, requestNo } = answer;
  return [
    ['Başvuru numarası', requestNo],
    ['Başvurunun alındığı gün', dayWord(receivedOn)],
    ['Cevabın son günü', `${dayWord(dueBy)} (6698 sayılı Kanun m.13)`],
    ['Cevabın hazırlandığı an', momentWord(madeAt)],
    [
      'Kimin hakkında',
      'Başvuruda bildirilen T.C. kimlik numarasının sahibi (numara bu belgede yazılmaz: ***)',
    ],
    ['Dönem', periodText(answer)],
    ['Hakkınızda yapılan sorgu', countWord(found.total)],
    ['Bu belgede gösterilen', countWord(found.lookUps.length)],
  ];
}

function periodText({ from, to }: KvkkAnswer): string {
  const start = from === null ? 'kaydın başından' : `${dayWord(from)} gününden`;
  return `${start} ${to === null ? 'bu belgenin hazırlandığı ana' : `${dayWord(to)} günü sonuna`} kadar`;
}

/** What the answer is, before its table. */
export function introduction({ found, names }: KvkkAnswer): readonly string[] {
  const none = 'Kayıtlarımızda, belirtilen dönemde hakkınızda yapılmış bir kimlik sorgusu bulunmamaktadır.';
  return [
    'Başvurunuz 6698 sayılı Kişisel Verilerin Korunması Kanunu’nun 11 inci maddesi kapsamında incelenmiştir. Aşağıda, KOOPBİS Kimlik Paylaşım Köprüsü üzerinden, hakkınızda Nüfus ve Vatandaşlık İşleri Genel Müdürlüğü’nün Kimlik Paylaşımı Sistemine (KPS) yöneltilen kimlik doğrulama sorguları gösterilmiştir. Sorgular yalnızca bildirilen bilgilerin nüfus kaydıyla eşleşip eşleşmediğini sorar; nüfus kaydınızdaki bilgiler bu sistemde saklanmaz.',
    ...(found.total === 0 ? [none] : [STAFF_TEXTS[names]]),
    ...(found.detached.length > 0
      ? [
          'Dönemin bir bölümüne ait kayıtlar arşivdedir ve bu belgeye dâhil değildir. Arşiv kayıtlarının da incelenmesini ayrıca isteyebilirsiniz.',
        ]
      : []),
  ];
}

const STAFF_TEXTS: Readonly<Record<StaffNames, string>> = {
  none: 'Sorguyu yapan görevliler, kendi kişisel verileri olduğu için bu belgede gösterilmez; her sorgudan sorgulayan kurum sorumludur.',
  unit: 'Sorguyu yapan görevliler adlarıyla değil görev ve birimleriyle gösterilir; her sorgudan bu birimler sorumludur.',
  full: 'Sorguyu yapan görevlinin adı, yalnızca sistemde hâlâ saklanıyorsa yazılır. Adı artık saklanmayan görevli, görevi ve kapalı numarasıyla gösterilir: “*** (3)” gibi bir işaret, aynı takvim yılı içinde bu belgenin her satırında aynı kişidir.',
};

/** What stands behind the table. */
export function closing(answer: KvkkAnswer): readonly (readonly [title: string, lines: readonly string[]])[] {
  const { found, proof } = answer;
  return [
    [
      'Bu sistemde hakkınızda yapılan diğer incelemeler',
      [
        `Yukarıdaki sorgulardan ayrı olarak, yetkili görevliler bu sistemin kendi kayıtlarında sizinle ilgili kayıtlara ${countWord(found.looks)} kez bakmıştır (başvuruların cevaplanması, denetim ve güvenlik incelemeleri; bu başvurunun cevaplanması için yapılanlar dâhil). Her bakış ayrıca kayıt altındadır.`,
      ],
    ],
    [
      'Şikâyet hakkınız',
      [
        '6698 sayılı Kanun’un 14 üncü maddesine göre; başvurunuzun reddedilmesi, verilen cevabı yetersiz bulmanız ya da süresinde cevap verilmemesi hâlinde, bu cevabı öğrendiğiniz tarihten itibaren otuz (30) ve her hâlde başvuru tarihinden itibaren altmış (60) gün içinde Kişisel Verileri Koruma Kuruluna şikâyette bulunabilirsiniz. Kişilik hakları ihlal edilenlerin genel hükümlere göre tazminat hakkı saklıdır.',
      ],
    ],
    [
      'Kayıt ve kanıt',
      [
        `Bu belgede ${countWord(found.lookUps.length)} sorgu gösterilmiştir. Sorgular, sonradan değiştirilemeyen bir kayıtta durur; “Kayıt” sütunu, sorgunun bu kayıttaki yeridir.`,
        `Kayıt: ${proof.origin}`,
        `Kayıt boyu: ${countWord(proof.size)} giriş`,
        `Kök özeti (SHA-256): ${proof.root.toString('hex')}`,
        'Bu belgenin SHA-256 özeti de aynı kayda yazılmıştır; belgenin değiştirilip değiştirilmediği kurumdan sorulabilir.',
      ],
    ],
  ];
}
