/** Reasons of `authority`, in Turkish. */
export const AUTHORITY = {
  'authority.staleAfterHours':
    'MERSİS’in bir gündür doğrulamadığı görevler, değişiklik yapma hakkı vermez: okuma durdu diye düşmüş bir görev yaşamaya devam etmemelidir.',
  'authority.nothingAfterHours':
    'Bu kadar süre sonra hiçbir hak vermezler; ikisinin arasında yine de görüntüleyebilirler.',
  'authority.afterTerm.mode':
    '“assembly-only”: süresi dolan kurul, yenisini seçecek genel kurulu yine de çağırabilir ve kaydedebilir.',
  'authority.afterTerm.days': 'Süresi bittikten sonra bu kadar gün.',
  'authority.appointees.atATime': 'm.15(1) bir kişiden daha söz eder.',
  'authority.appointees.endWithBoard':
    'Karar veren kurulla birlikte sona erer: üyelerinden hiçbiri görevde kalmadığında. Kamuya açık metinlerde açıkça yazmaz.',
  'authority.appointees.legacyDecisionAfter':
    'Kapatılan sistemdeki yetkililer için, bu tarihten sonra alınmış bir yönetim kurulu kararı gerekir (m.15(2), m.6).',
  'authority.events.keepDays':
    'Olay akışında bir imlecin ne kadar geride kalabileceği; daha eskisi anlık durumu alır.',
  'authority.events.pageSize': 'Olay akışının bir cevabındaki olay sayısı.',
  'authority.webhooks.timeoutMs': 'Alıcının yapacağı yalnız bildirimi almaktır.',
  'authority.webhooks.retryDays': 'Uzun bir tatil boyunca ulaşılamayan alıcı yine de her şeyi alır.',
  'authority.webhooks.perSecond': 'Bütün alıcılara birlikte gönderilenler.',
} as const;
