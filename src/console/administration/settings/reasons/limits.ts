/** Reasons of `limits`, in Turkish. */
export const LIMITS = {
  'limits.nonMatchesPerPersonPerDay':
    'Bir kullanıcının bir kişi hakkında eşleşmeyen sorguları: yanlış okunmuş bir dosyaya yeter, doğum tarihini deneyerek bulmaya yetmez.',
  'limits.queriesPerUserPerMinute': 'Saniyede bir: hiç kimse bir cevabı bundan hızlı okumaz.',
  'limits.queriesPerUserPerDay':
    'Büyük bir kooperatifin bir gün boyunca yapacağı giriş; üstü, bir kişinin adıyla çalışan bir programdır.',
  'limits.answerDeadlineMs':
    'Bundan eski olup sonucu gelmeyen sorgu niyeti “sonucu bilinmiyor” olarak kapanır; belirteç ile sorgunun toplam süresinden uzundur.',
  'limits.idempotencyHours':
    'Bir tekrar anahtarının ne kadar hatırlandığı: isteğini yineleyen istemci bunu aynı gün içinde yapar.',
} as const;
