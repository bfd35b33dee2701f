/** Reasons of `console`, in Turkish. */
export const CONSOLE = {
  'console.kvkk.staffNames':
    'Vatandaşa verilen cevapta personelin nasıl yazdığı: hiç, görev ve birimle ya da adıyla. Ad, personelin kendi kişisel verisidir: hesap verenin kim olduğunu birim gösterir.',
  'console.kvkk.answerDays':
    '6698 sayılı Kanun m.13 kapsamındaki başvurunun kaç günde cevaplandığı: Kanuna göre otuz gün.',
  'console.kvkk.sender': 'Cevabı veren, cevabın başında yazdığı biçimde.',
  'console.jobs.keepHours': 'Hazır bir dosyanın, isteyeni ne kadar beklediği: bir gün, sonra silinir.',
  'console.jobs.maxFileMb':
    'Tarayıcı için hazırlanan en büyük dosya; daha uzun dönemler komut satırıyla alınır.',
  'console.jobs.maxWaiting': 'Bir kişinin aynı anda bekleyen uzun işleri: kimse sırayı dolduramaz.',
  'console.uploadMaxMb':
    'Yüklenebilecek en büyük dosya; bir çeyreğin gün ve hizmet bazında sayıları bunun çok altındadır.',
  'console.secretDays': 'Gizli bir bilginin, konsolun “değiştirilmeli” dediği yaşı: bir yıl.',
  'console.warnDays':
    'Bir sertifikanın bitmesine ya da gizli bir bilginin eskimesine kaç gün kala konsolun uyardığı.',
  'console.proposalHours':
    'Başka bir ayar söylemiyorsa, konsoldaki bir kararın ikinci kişiyi ne kadar beklediği.',
} as const;
